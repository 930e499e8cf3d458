import { createHash } from "node:crypto";
import type { Profile } from "../../spec/index.ts";
import { SCHEMA_FILE, SCHEMA_TEXT, type VectorFile, vectorFile } from "./file.ts";
import { printVectors } from "./print.ts";

/** Files by their path in the folder of the set. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** The folder of the messages as raw bytes: seeds for libFuzzer and AFL++. */
export const CORPUS = "corpus";

/**
 * The file with the digest of the corpus, which the project keeps in place of the corpus itself: what
 * `sha256sum corpus/*.bin | sha256sum` prints in the set's folder.
 */
export const CORPUS_DIGEST = "corpus.sha256";

/** Hex digits of the sha256 that a message is filed under. */
const DIGITS = 16;

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/** The path of a message in the corpus. */
const corpusPath = (message: Uint8Array): string => `${CORPUS}/${sha256(message).slice(0, DIGITS)}.bin`;

/** Whether the name is one that corpusPath can give. */
export const isCorpusFile = (name: string): boolean => new RegExp(`^[0-9a-f]{${DIGITS}}\\.bin$`).test(name);

/** The messages of these files, each once, by their paths in the corpus. */
export function corpusOf(files: readonly VectorFile[]): Map<string, Uint8Array> {
  const hexes = new Set(files.flatMap((f) => f.testGroups.flatMap((g) => g.tests.map((t) => t.msg))));
  return new Map(
    [...hexes].map((hex) => {
      const message = Buffer.from(hex, "hex");
      return [corpusPath(message), message];
    }),
  );
}

/** What the file CORPUS_DIGEST says of a corpus. */
export function corpusDigest(corpus: ReadonlyMap<string, Uint8Array>): string {
  const lines = [...corpus].map(([path, message]) => `${sha256(message)}  ${path}\n`);
  const byPath = lines.sort((a, b) => (a.slice(64) < b.slice(64) ? -1 : 1));
  return `${sha256(byPath.join(""))}  -\n`;
}

/** The vectors of these profiles with their schema and the corpus of all their messages. */
export function vectorSet(profiles: readonly Profile[]): Files {
  const files = profiles.map((profile) => [`${profile.name}.json`, vectorFile(profile)] as const);
  const corpus = corpusOf(files.map(([, file]) => file));
  return new Map<string, Uint8Array>([
    [SCHEMA_FILE, Buffer.from(SCHEMA_TEXT)],
    ...files.map(([name, file]) => [name, Buffer.from(printVectors(file))] as const),
    [CORPUS_DIGEST, Buffer.from(corpusDigest(corpus))],
    ...corpus,
  ]);
}
