import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { bannedWords, offencesIn, piecesOf } from "./words.ts";

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), "utf8");
const BANNED = bannedWords(read("CONTRIBUTING.md"));

/** Names that stay: the kernel's, a type that the library exports, and fields of stored documents. */
const KEPT = ["lockdep_assert_held", "Said", "shown", "untold"];

/**
 * How many offences a folder may still have. These numbers only go down. Those of spec/ are sentences of rules, which the digest
 * in a daemon's certificate covers.
 */
const LEFT: Readonly<Record<string, number>> = { spec: 2 };

const FOLDERS = [
  "base",
  "spec",
  "generators",
  "oracles",
  "subjects",
  "suites",
  "exports",
  "reports",
  "cli",
  "library",
  "bench",
  "drivers",
];
const sourcesOf = (folder: string): string[] =>
  readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:ts|c|h)$/.test(path) && !/\.test\.ts$|(?:^|\/)test\//.test(path))
    .map((path) => `${folder}/${path}`);

describe("the words of the sources", () => {
  it.each(FOLDERS)("are those of CONTRIBUTING.md: %s/", (folder) => {
    const found = sourcesOf(folder).flatMap((path) =>
      offencesIn(read(path), BANNED, KEPT).map((offence) => `${path}:${offence}`),
    );
    expect(found.slice(LEFT[folder] ?? 0)).toEqual([]);
  });

  const offences = (source: string) => offencesIn(source, BANNED, KEPT);

  it("are found in names, in comments and in messages", () => {
    expect(offences("const untoldSize = 1;\n/** Whoever asks. */")).toEqual([
      '1: untold in "untoldSize"',
      '2: whoever in "/** Whoever asks. */"',
    ]);
    expect(offences("yield `\x24{n} of \x24{f({ x: `as hex, afresh` })} lines, it were 1`;")).toEqual([
      '1: afresh in "as hex, afresh"',
      '1: , it were in " lines, it were 1"',
      '1: were 1 in " lines, it were 1"',
    ]);
    expect(offences("int last_seen; /* it is seen */")).toEqual(['1: seen in "last_seen"']);
  });

  it("are not found where a name or a sentence only looks like one of them", () => {
    expect(offences('// It is seen, as was said.\nconst retold = /afresh/; assert("11 bytes");')).toEqual([]);
    expect(offences("lockdep_assert_held(lock);")).toEqual([]);
  });

  it("are in pieces of three kinds: names, comments and strings", () => {
    const kinds = piecesOf("x = 'a' /* b */ + `c\x24{d}e` // f\n/g'/.test(h);").map((p) => [p.kind, p.text]);
    expect(kinds).toEqual([
      ["name", "x"],
      ["string", "'a'"],
      ["comment", "/* b */"],
      ["string", "c"],
      ["name", "d"],
      ["string", "e"],
      ["comment", "// f"],
      ["name", "test"],
      ["name", "h"],
    ]);
  });
});
