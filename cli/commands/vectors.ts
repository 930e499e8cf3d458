import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import { counted } from "../../base/counted.ts";
import { UsageError } from "../../base/errors.ts";
import { type Flaw, lintVectors } from "../../exports/vectors/lint.ts";
import { CORPUS, CORPUS_DIGEST, type Files, isCorpusFile, vectorSet } from "../../exports/vectors/set.ts";
import { PROFILES } from "../../spec/index.ts";
import { file } from "../options/kinds.ts";
import { allProfiles } from "../options/profiles.ts";
import { command } from "../options/table.ts";
import { makeFolder, why, writeFile } from "../store/files.ts";

export const vectors = command({
  about: `Writes for each kernel revision a file of messages with the verdict and the map of each, in the form of
C2SP/wycheproof, their JSON Schema, and every message as raw bytes in DIR/${CORPUS}, seeds for a fuzzer, with
their digest.
The same every time. docs/vectors.md describes the files and how to read them.`,
  options: {
    options: {
      out: file("folder to write to; a set that is there already is replaced", "DIR"),
      profile: allProfiles,
      lint: file(
        "check a set instead: form, ids, counts, corpus, and every result against the oracle; exit status 1 and the first difference where there is one",
        "DIR",
      ),
    },
  },
  async run({ values: { out, profile: chosen, lint }, given }, { print }) {
    if (lint !== undefined) {
      if (out !== undefined || given.has("profile"))
        throw new UsageError("--lint checks the whole set: give neither --out nor --profile with it");
      const files = readFolder(lint);
      const flaw = lintVectors(files);
      print(
        flaw === null ? `${lint}: ${counted(files.size, "file")}, no difference\n` : renderFlaw(lint, flaw),
      );
      return flaw === null ? 0 : 1;
    }
    if (out === undefined)
      throw new UsageError("vectors needs a folder: --out DIR to write, or --lint DIR to check");
    const set = vectorSet(chosen);
    makeFolder(out);
    removeSet(out);
    for (const [path, bytes] of set) writeFile(join(out, path), bytes);
    const messages = [...set.keys()].filter((path) => path.startsWith(`${CORPUS}/`)).length;
    print(
      `${out}: vectors of ${chosen.map((p) => p.name).join(", ")}; ${counted(messages, "message")} in ${CORPUS}/\n`,
    );
    return 0;
  },
});

/** Removes the files of an earlier set, and no other file of the folder. */
function removeSet(folder: string): void {
  for (const name of [...PROFILES.map((p) => `${p.name}.json`), CORPUS_DIGEST])
    rmSync(join(folder, name), { force: true });
  const corpus = join(folder, CORPUS);
  if (!existsSync(corpus)) return;
  for (const name of readdirSync(corpus)) if (isCorpusFile(name)) rmSync(join(corpus, name));
}

function renderFlaw(folder: string, { file, tcId, what, expected, found }: Flaw): string {
  const place = `${join(folder, file)}${tcId === null ? "" : `, tcId ${tcId}`}: ${what}`;
  return `${place}\n  expected  ${expected}\n  found     ${found}\n`;
}

/** Every file below a folder. Throws UsageError. */
function readFolder(folder: string): Files {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    return new Map(
      files.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const below = path.slice(join(folder, sep).length);
        return [below.split(sep).join("/"), readFileSync(path)];
      }),
    );
  } catch (error) {
    throw new UsageError(`cannot read ${folder}: ${why(error)}`);
  }
}
