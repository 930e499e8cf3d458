/** The whole way: a kernel is built, booted and asked, for each parser. Minutes the first time, so only where FMAPSPEC_UML is set. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asKunitReads } from "../reports/test/kunit-parser.ts";
import { rule } from "../spec/index.ts";
import { planted } from "../test/planted.ts";
import { SEED } from "../test/seed.ts";
import { UML_CACHE, UML_SOURCE } from "../test/uml-source.ts";
import { fmapspec, scratch } from "./test/command.ts";

if (UML_SOURCE === undefined) {
  if (process.env.CI !== undefined) throw new Error("FMAPSPEC_UML has to name a kernel's source");
  process.stderr.write("NOT TESTED inside of a kernel: set FMAPSPEC_UML to a kernel's source\n");
}

const MINUTES = 60_000;
const folder = scratch();
const sound = join(`${SEED}`, "kernel/famfs.c");

async function inUml(parser: string, runs: number) {
  const out = join(folder, `out-${runs}`);
  const ran = await fmapspec(
    ...["kernel", "--uml", `${UML_SOURCE}`, "--kernel-source", parser, "--cache", UML_CACHE],
    ...["--seed", "1", "--runs", `${runs}`, "--out", out, "--report", `json=${join(out, "all.json")}`],
  );
  return {
    ...ran,
    documents: () => JSON.parse(readFileSync(join(out, "all.json"), "utf8")),
    kunitStream: () => readFileSync(join(out, "kunit.ktap"), "utf8"),
  };
}

interface Failing {
  readonly cases: readonly {
    readonly outcome: string;
    readonly isHazard: boolean;
    readonly rule: string;
    readonly message: string;
  }[];
}

/** Bytes 2 and 3 of a message, which is hex here, are fmap_version. */
const isVersionOne = (message: string) => message.slice(4, 8) === "0100";

describe.skipIf(UML_SOURCE === undefined || SEED === undefined)("a User Mode Linux", () => {
  it("takes a parser that does what its revision does", { timeout: 30 * MINUTES }, async () => {
    const { status, stdout, stderr, documents, kunitStream } = await inUml(sound, 1_000_000);
    expect(status, stdout + stderr).toBe(0);
    const [kunit, ...reports] = documents();
    expect(kunit).toMatchObject({ suite: "kunit", verdict: "conforming", complete: true });
    expect(reports.map((r: { suite: string }) => r.suite).sort()).toEqual(["kernel", "parser"]);
    const [stream, live] = ["parser", "kernel"].map((suite) =>
      reports.find((r: { suite: string }) => r.suite === suite),
    );
    expect(stream.messages).toBeGreaterThanOrEqual(1_000_000);
    expect(live.messages).toBeGreaterThanOrEqual(500);
    // Its own checkers saw what the revision is known for: UBSAN, the ledger behind the device, and kmemleak.
    const said = ({ findings }: { findings: { rule: string; what: string; predicted: boolean }[] }) =>
      findings.filter((f) => f.predicted).map((f) => `${f.rule}: ${f.what}`);
    expect(said(stream)).toContainEqual(expect.stringContaining("hazard/devindex-shift: "));
    expect(said(stream)).toContainEqual(expect.stringContaining("hazard/strips-leak: memory is never freed"));
    expect(said(live)).toContainEqual(
      expect.stringContaining("hazard/devindex-shift: UBSAN: shift-out-of-b"),
    );
    expect(said(live)).toContainEqual(
      expect.stringMatching(/^hazard\/strips-leak: kmemleak: unreferenced object .*famfs_file_init_dax/),
    );
    // What KUnit printed in there, as the kernel's own reader takes it: it fails for the hazards and for nothing else.
    const [read] = asKunitReads([kunitStream()]);
    expect(read?.errors).toBe(0);
    const of = (status: string) => read?.leaves.filter(([, s]) => s === status).length;
    const cases = kunit.cases as Failing["cases"];
    expect([of("SUCCESS"), of("FAILURE")]).toEqual([
      cases.filter((c) => c.outcome === "passed").length,
      cases.filter((c) => c.outcome === "failed").length,
    ]);
    expect(cases.filter((c) => c.outcome === "failed").every((c) => c.isHazard)).toBe(true);
  });

  it("fails a parser with one extent too many, in KUnit, in the stream and on the live mount, by its rule", {
    timeout: 30 * MINUTES,
  }, async () => {
    const limit = "fmh->nextents > FUSE_FAMFS_MAX_EXTENTS";
    const parser = planted(sound, join(folder, "limit"), [[limit, `${limit} + 1`]]);
    const { status, stdout, stderr, documents } = await inUml(parser, 10_000);
    expect(status, stdout + stderr).toBe(1);
    const all = documents();
    const kunit = all.find((d: { suite: string }) => d.suite === "kunit") as Failing;
    const failing = kunit.cases.filter((c) => c.outcome === "failed" && !c.isHazard);
    expect([...new Set(failing.map((c) => c.rule))]).toEqual(["fmap/header/nextents-limit"]);
    for (const suite of ["parser", "kernel"]) {
      const { counterexamples } = all.find((d: { suite: string }) => d.suite === suite);
      const rules = counterexamples.map((c: { rule: string }) => c.rule);
      expect([...new Set(rules)], suite).toEqual(["fmap/header/nextents-limit"]);
    }
    expect(stdout).toContain(
      `FAILED fmap/header/nextents-limit: ${rule("fmap/header/nextents-limit").sentence}`,
    );
  });

  it("tells by its leak detector of a leak that the revision does not have, and of the message", {
    timeout: 30 * MINUTES,
  }, async () => {
    const parser = planted(sound, join(folder, "leak"), [
      ["meta->error = false;", "meta->error = fmh->fmap_version != 1 && !kmalloc(40, GFP_KERNEL);"],
    ]);
    const { status, documents } = await inUml(parser, 6000);
    expect(status).toBe(1);
    const [kunit, ...reports] = documents();
    const left = (kunit as Failing).cases.filter((c) => c.outcome === "failed" && !c.isHazard);
    // A message of another version may be refused for something else, and leaks all the same.
    expect(left.map((c) => c.rule)).toContain("fmap/ignored/version");
    expect(left.filter((c) => isVersionOne(c.message))).toEqual([]);
    const live = reports.find((r: { suite: string }) => r.suite === "kernel");
    const unforeseen = live.findings.filter((f: { predicted: boolean }) => !f.predicted);
    expect(unforeseen).toMatchObject([{ rule: null, what: expect.stringContaining("(size 64)") }]);
    expect(isVersionOne(unforeseen[0].counterexample.message)).toBe(false);
  });

  it("is there at once when nothing has changed", { timeout: 30 * MINUTES }, async () => {
    const { status, stderr } = await inUml(sound, 5001);
    expect(status).toBe(0);
    expect(stderr).toContain("fmapspec: booting Linux");
    expect(stderr).not.toContain("building");
  });

  it("names the message that the kernel went down over", { timeout: 30 * MINUTES }, async () => {
    const parser = planted(sound, join(folder, "crash"), [
      ["meta->error = false;", "meta->error = fmh->fmap_version == 0 && *(volatile char *)8;"],
    ]);
    const { status, stdout, documents } = await inUml(parser, 5000);
    expect(status).toBe(1);
    const crashes = documents().filter((d: { why?: string }) => d.why !== undefined);
    expect(crashes.length).toBeGreaterThan(0);
    for (const { suite, message, rule: id } of crashes) {
      // The live mount keeps what it asks in a file; the kernel itself does not know.
      if (suite === "kernel") continue;
      // Bytes 2 and 3 are fmap_version.
      expect(message.slice(4, 8)).toBe("0000");
      expect(id).not.toBeNull();
    }
    expect(stdout).toMatch(/the kernel went down in (kunit|stream-\d)/);
  });
});
