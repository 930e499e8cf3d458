import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { type Flaw, lintVectors } from "../../exports/vectors/lint.ts";
import { CORPUS, CORPUS_DIGEST, type Files, isCorpusFile, vectorSet } from "../../exports/vectors/set.ts";
import { PROFILES } from "../../spec/index.ts";
import type { Command } from "../command.ts";
import { profiles, readOptions, text, texts } from "../options/options.ts";
import { makeFolder, why, writeFile } from "../store/files.ts";

export const vectors: Command = {
  help: `usage: fmapspec vectors --out DIR [--profile NAME]...
       fmapspec vectors --lint DIR

Writes for each kernel revision a file of messages with the verdict and the map of each, in the
form of C2SP/wycheproof, their JSON Schema, and every message as raw bytes in DIR/${CORPUS}, seeds for a
fuzzer, with their digest. The same every time. docs/vectors.md says what is in there and how to read it.

  --out DIR       where to; a set that is there already is replaced
  --profile NAME  only this kernel revision; repeatable (default all)
  --lint DIR      check a set instead: form, ids, counts, corpus, and every result against the
                  oracle; exit status 1 and the first difference where there is one
`,
  async run(args, { print }) {
    const options = readOptions(args, {
      out: { type: "string" },
      lint: { type: "string" },
      profile: { type: "string", multiple: true },
    });
    const [stray] = options.positionals;
    if (stray !== undefined) throw new UsageError(`vectors takes no argument '${stray}'`);
    const [out, lint] = [text(options, "out"), text(options, "lint")];
    if (lint !== undefined) {
      if (out !== undefined || texts(options, "profile").length > 0)
        throw new UsageError("--lint checks the whole set: give neither --out nor --profile with it");
      const files = readFolder(lint);
      const flaw = lintVectors(files);
      print(flaw === null ? `${lint}: ${files.size} files, no difference\n` : renderFlaw(lint, flaw));
      return flaw === null ? 0 : 1;
    }
    if (out === undefined) throw new UsageError("vectors takes --out DIR or --lint DIR");
    const chosen = texts(options, "profile").length === 0 ? PROFILES : profiles(options);
    const set = vectorSet(chosen);
    makeFolder(out);
    removeSet(out);
    for (const [path, bytes] of set) writeFile(join(out, path), bytes);
    const messages = [...set.keys()].filter((path) => path.startsWith(`${CORPUS}/`)).length;
    print(`${out}: vectors of ${chosen.map((p) => p.name).join(", ")}; ${messages} messages in ${CORPUS}/\n`);
    return 0;
  },
};

/** Removes what an earlier set may have left, and nothing else that is in the folder. */
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
