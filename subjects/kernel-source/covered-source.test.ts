/** What a run reaches of a kernel's own C, and what it cannot. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SubjectError } from "../../base/errors.ts";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { runParserSuite } from "../../suites/parser/suite.ts";
import { badDriver } from "../../test/bad-driver.ts";
import { OWN, planted } from "../../test/planted.ts";
import { SEED } from "../../test/seed.ts";
import type { ParserSubject } from "../driver/subject.ts";
import { KernelSourceSubject } from "./subject.ts";
import { hasCompiler, withEachCompiler } from "./test/compilers.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-covered-"));
afterAll(() => rmSync(folder, { recursive: true }));

const OPTIONS = {
  profile: DEFAULT_PROFILE,
  level: "quick",
  seed: 1,
  failFast: false,
  strict: false,
  filters: [],
  timeout: 20_000,
  version: "0",
  signal: new AbortController().signal,
  progress: () => {},
} as const;

async function reportOf(
  path: string,
  cc: string,
  options: { runs: number; guided?: boolean; failFast?: boolean },
) {
  const subject = await KernelSourceSubject.build(path, DEFAULT_PROFILE, cc, 20_000, true);
  const report = await runParserSuite(subject, { ...OPTIONS, ...options });
  expect(misfit("report", report)).toBeNull();
  return report;
}

/** Behind all checks of a message that is taken so far. */
const END = "\tif (rc)\n\t\t__famfs_meta_free(meta);\n\telse\n\t\t*result = meta;";
const before = (code: string): readonly [string, string] => [END, `${code}\n${END}`];

withEachCompiler("a kernel source", (cc) => {
  it("tells what was reached: all of ours, but for what needs luck and what nothing reaches", async () => {
    const path = planted(OWN, join(folder, `unreachable-${cc}`), [
      [
        "	n += !IS_ALIGNED(range->ext_offset",
        "	if (n > 1)\n\t\tn = 77;\n\tn += !IS_ALIGNED(range->ext_offset",
      ],
      ["	r.meta = meta", "	if (size < 16)\n\t\treturn -EIO;\n	r.meta = meta"],
      before("\tif (!rc && meta->file_size == 0x123456789abcdef)\n\t\trc = -EIO;"),
    ]);
    const { coverage, counterexamples } = await reportOf(path, cc, { runs: 3000 });
    expect(counterexamples).toEqual([]);
    const missed = (coverage?.missed ?? []).map(({ text, branches, reason }) => [
      text,
      branches === null ? "line" : `${branches.reached} of ${branches.all}`,
      reason?.replace(/line \d+/, "line N") ?? null,
    ]);
    const never = `is never true: ${cc} proves it from the checks before it`;
    for (const [condition, statement] of [
      ["if (n > 1)", "n = 77;"],
      ["if (size < 16)", "return -EIO;"],
    ]) {
      expect(missed).toContainEqual([condition, "1 of 2", `the condition ${never}`]);
      expect(missed).toContainEqual([statement, "line", `the condition in line N ${never}`]);
    }
    // Nothing proves that no message has that size, and none of these has.
    const [luck] = missed.filter(([text]) => text === "if (!rc && meta->file_size == 0x123456789abcdef)");
    expect(luck?.slice(1)).toEqual(["3 of 4", null]);
    expect(missed).toContainEqual(["rc = -EIO;", "line", null]);
    expect(coverage?.missed.every((m) => m.file === "famfs.c")).toBe(true);
    expect(coverage?.lines.reached).toBe(
      (coverage?.lines.all ?? 0) - missed.filter((m) => m[1] === "line").length,
    );
  });

  it("is not called out of reach for what is undefined in C before it", async () => {
    const path = planted(OWN, join(folder, `shift-${cc}`), [
      [
        "		r->errors += faults(range);",
        "		if (range->dev_index >= 64)\n\t\t\tr->errors++;\n		r->errors += faults(range);",
      ],
    ]);
    const { coverage } = await reportOf(path, cc, { runs: 1 });
    const [line] = (coverage?.missed ?? []).filter((m) => m.text === "if (range->dev_index >= 64)");
    expect(line).toMatchObject({ branches: { all: 2 }, reason: null });
  });
});

describe.skipIf(!hasCompiler("gcc"))("a guided run over a kernel source", () => {
  it("is the same for its seed", async () => {
    const report = async () => {
      const { seconds: _, ...rest } = await reportOf(OWN, "gcc", { runs: 23_000, guided: true });
      return rest;
    };
    const first = await report();
    expect(first.search?.keptForSource).toBeGreaterThan(100);
    expect(await report()).toEqual(first);
  });

  it.skipIf(!SEED)(
    "of the kernel patch reaches everything that is not proven to be out of reach",
    async () => {
      const { coverage } = await reportOf(join(`${SEED}`, "kernel/famfs.c"), "gcc", {
        runs: 3000,
        guided: true,
      });
      expect(coverage?.missed.map((m) => [m.line, m.reason === null])).toEqual([
        [32, false],
        [145, false],
        [146, false],
        [147, false],
        [148, false],
      ]);
    },
  );
});

describe("a subject", () => {
  it("that cannot tell in the end what was reached is reported on all the same", async () => {
    const subject: ParserSubject = Object.assign(badDriver("frames", "none").subject, {
      coverage: () => Promise.reject(new SubjectError("it broke down")),
    });
    const report = await runParserSuite(subject, { ...OPTIONS, runs: 2200 });
    expect(report).toMatchObject({ passed: true, complete: true });
    expect(report.coverage).toBeUndefined();
    expect(report.notes[0]).toBe("what was reached of the source is not known: it broke down");
  });
});
