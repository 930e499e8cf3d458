import { isDeepStrictEqual } from "node:util";
import { misfit } from "../../base/schema-check.ts";
import { hexOf, type Profile, profileNamed } from "../../spec/index.ts";
import { namedIn, SCHEMA_FILE, SCHEMA_TEXT, type Vector, type VectorFile } from "./file.ts";
import { judgeFor } from "./judged.ts";
import { noteOf } from "./notes.ts";
import { printVectors } from "./print.ts";
import { CORPUS, CORPUS_DIGEST, corpusDigest, corpusOf, type Files } from "./set.ts";

/** The first difference of a set from the expected one. */
export interface Flaw {
  /** Path below the set's folder. */
  readonly file: string;
  /** The faulty vector; null: the file as a whole. */
  readonly tcId: number | null;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** Characters of the expected and the found text in a message, from shortly before the first difference. */
const EXCERPT = 100;
const BEFORE = 30;

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");

/** Both as texts, cut to where they differ. */
function cut(expected: string, found: string): Pick<Flaw, "expected" | "found"> {
  let same = 0;
  while (same < expected.length && expected[same] === found[same]) same++;
  const from = Math.max(expected.length, found.length) <= EXCERPT ? 0 : Math.max(0, same - BEFORE);
  const part = (text: string) =>
    `${from > 0 ? "..." : ""}${text.slice(from, from + EXCERPT)}${text.length > from + EXCERPT ? "..." : ""}`;
  return { expected: part(expected), found: part(found) };
}

type Found = Omit<Flaw, "file"> | null;
const flaw = (tcId: number | null, what: string, expected: unknown, found: unknown): Found => ({
  tcId,
  what,
  ...cut(textOf(expected), textOf(found)),
});

/**
 * The first flaw of a set of vectors; null: there is none. All results are computed again with the oracle, and the corpus
 * is made again from the files.
 */
export function lintVectors(files: Files): Flaw | null {
  const read: VectorFile[] = [];
  for (const name of [...files.keys()].filter(isVectorFile).sort()) {
    const text = Buffer.from(files.get(name) as Uint8Array).toString("utf8");
    const found = inFile(text, (file) => read.push(file));
    if (found !== null) return { file: name, ...found };
  }
  if (read.length === 0) {
    const expected = "a file of vectors";
    return { file: ".", tcId: null, what: "the folder", expected, found: "none" };
  }
  const schema = files.get(SCHEMA_FILE);
  if (schema === undefined || Buffer.compare(schema, Buffer.from(SCHEMA_TEXT)) !== 0) {
    const found = schema === undefined ? "no file" : "other bytes";
    const expected = "the schema as `fmapspec list --schema vectors` has it";
    return { file: SCHEMA_FILE, tcId: null, what: "the schema", expected, found };
  }
  return inCorpus(read, files);
}

const isVectorFile = (name: string) => name.endsWith(".json") && !name.includes("/");

function inFile(text: string, keep: (file: VectorFile) => void): Found {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return flaw(null, "the file", "JSON", (error as Error).message);
  }
  const wrong = misfit("vectors", value);
  if (wrong !== null) return flaw(vectorAt(value, wrong), "the schema", "a file that fits it", wrong);
  const file = value as VectorFile;
  keep(file);
  return inOrder(file) ?? inResults(file) ?? inNotes(file) ?? inPrint(file, text);
}

/** The tcId of the vector that a JSON pointer leads into. */
function vectorAt(value: unknown, pointer: string): number | null {
  const at = /^\/testGroups\/(\d+)\/tests\/(\d+)/.exec(pointer);
  if (at === null) return null;
  const vector = (value as VectorFile).testGroups[Number(at[1])]?.tests[Number(at[2])];
  return typeof vector?.tcId === "number" ? vector.tcId : null;
}

/** Every vector must have the next tcId, a unique id and a unique message. */
function inOrder({ testGroups, numberOfTests }: VectorFile): Found {
  const ids = new Set<string>();
  const messages = new Set<string>();
  let n = 0;
  for (const { tcId, id, msg } of testGroups.flatMap((g) => g.tests)) {
    if (tcId !== ++n) return flaw(tcId, "tcId", n, tcId);
    if (ids.size === ids.add(id).size) return flaw(tcId, "id", "an id of its own", id);
    if (messages.size === messages.add(msg).size) return flaw(tcId, "msg", "a message of its own", msg);
  }
  return n === numberOfTests ? null : flaw(null, "numberOfTests", n, numberOfTests);
}

/** Properties of a vector that are missing if the sources do not settle them. */
const OPTIONAL = ["resolve", "resolved"];

/** Compares the result of each vector with the oracle's. */
function inResults({ testGroups }: VectorFile): Found {
  for (const { profile, source, tests } of testGroups) {
    const known = profileNamed(profile) as Profile;
    if (source !== known.source) return flaw(null, "source", known.source, source);
    const judge = judgeFor(known);
    for (const vector of tests) {
      const judged = judge(Buffer.from(vector.msg, "hex")) as unknown as Record<string, unknown>;
      const stated = vector as unknown as Record<string, unknown>;
      for (const key of [...Object.keys(judged), ...OPTIONAL])
        if (!isDeepStrictEqual(stated[key], judged[key]))
          return flaw(vector.tcId, key, judged[key], stated[key]);
    }
  }
  return null;
}

/** Every flag and every rule must have a note, and there must be no other note. */
function inNotes({ testGroups, notes }: VectorFile): Found {
  const tests = testGroups.flatMap((g) => g.tests);
  const profile = profileNamed(testGroups[0]?.profile as string) as Profile;
  const named = namedIn(tests);
  for (const name of named) {
    const expected = noteOf(profile, name);
    if (expected === null) return flaw(firstWith(tests, name), "flags", "a flag that has a note", name);
    if (!isDeepStrictEqual(notes[name], expected)) return flaw(null, `notes ${name}`, expected, notes[name]);
  }
  const stray = Object.keys(notes).find((name) => !named.has(name));
  return stray === undefined ? null : flaw(null, "notes", "flags and rules of the vectors", stray);
}

const firstWith = (tests: readonly Vector[], flag: string) =>
  tests.find((t) => t.flags.includes(flag))?.tcId ?? null;

/** Compares the text with the canonical one, line by line. */
function inPrint(file: VectorFile, text: string): Found {
  const [expected, found] = [printVectors(file).split("\n"), text.split("\n")];
  const at = expected.findIndex((line, i) => line !== found[i]);
  if (at < 0 && expected.length === found.length) return null;
  const i = at < 0 ? expected.length : at;
  return flaw(null, `line ${i + 1} as it is printed`, expected[i] ?? "no more lines", found[i] ?? "the end");
}

/** The raw messages: those of the files, and no others. A set may have their digest only. */
function inCorpus(read: readonly VectorFile[], files: Files): Flaw | null {
  const corpus = corpusOf(read);
  const digest = corpusDigest(corpus);
  const stored = files.get(CORPUS_DIGEST);
  const found = stored === undefined ? "no file" : Buffer.from(stored).toString();
  if (found !== digest)
    return { file: CORPUS_DIGEST, tcId: null, what: "the corpus' digest", ...cut(digest, found) };
  if (![...files.keys()].some((path) => path.startsWith(`${CORPUS}/`))) return null;
  const at = (file: string, expected: string, found: string): Flaw => {
    const hex = expected;
    const tcId = read.flatMap((f) => f.testGroups.flatMap((g) => g.tests)).find((t) => t.msg === hex)?.tcId;
    return { file, tcId: tcId ?? null, what: "the corpus", ...cut(expected, found) };
  };
  for (const [path, message] of corpus) {
    const hex = hexOf(message);
    const found = files.get(path);
    if (found === undefined) return at(path, hex, "no file");
    if (Buffer.compare(found, message) !== 0) return at(path, hex, hexOf(found));
  }
  const stray = [...files.keys()].find((path) => path.startsWith(`${CORPUS}/`) && !corpus.has(path));
  return stray === undefined ? null : at(stray, "no such file", "a message of no vector");
}
