/** What the options of a run leave out of it, and what its report says of that. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const reference = [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js"), "reference-daemon"];
const reportIn = (out: string) => JSON.parse(readFileSync(join(out, "daemon-report.json"), "utf8"));

interface Outcome {
  readonly rule: string;
  readonly outcome: string;
}

async function run(name: string, ...options: string[]) {
  const out = join(folder, name);
  const ran = await fmapspec("daemon", "--seed", "1", "--out", out, ...options);
  return { ...ran, out };
}

describe("fmapspec daemon", () => {
  it("--list lists requirements of daemons alone, and starts nothing", async () => {
    const { status, stdout, out } = await run("list", "--list", "--filter", "*/life/*");
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "daemon/life/interrupt\ndaemon/life/stays\ndaemon/life/destroy\n",
    });
    expect(existsSync(out)).toBe(false);
  });

  it("--filter judges what matches, and certifies nothing", async () => {
    const { status, stderr, out } = await run("filter", "--filter", "daemon/tree/*");
    expect(status).toBe(0);
    expect(stderr).toBe("no certificate: only requirements that match daemon/tree/* were checked\n");
    const report = reportIn(out);
    expect(misfit("daemon-report", report)).toBeNull();
    expect(report.scope).toContain("only requirements that match daemon/tree/*");
    const checked = report.rules.filter((r: Outcome) => r.outcome !== "not-applicable");
    expect(checked.length).toBeGreaterThan(4);
    expect(checked.every((r: Outcome) => r.rule.startsWith("daemon/tree/") && r.outcome === "passed")).toBe(
      true,
    );
  });

  it("--filter has no eye for other failures", async () => {
    const { status } = await run(
      "other",
      "--filter",
      "daemon/init/*",
      "--",
      ...reference,
      "--fault",
      "map-changes",
    );
    expect(status).toBe(0);
  });

  it("--fail-fast stops at the first failure", async () => {
    const { status, out } = await run("fast", "--fail-fast", "--", ...reference, "--fault", "map-changes");
    expect(status).toBe(1);
    const report = reportIn(out);
    expect(report).toMatchObject({ complete: false, passed: false, verdict: "not conforming" });
    expect(report.failures).toHaveLength(1);
    expect(report.unchecked).toEqual([
      { what: "the rest of the run", why: "it was to stop at the first failure" },
    ]);
  });

  it("--max-time ends a run that nothing else ends, and that is inconclusive", async () => {
    const began = Date.now();
    const { out } = await run("time", "--max-time", "1", "--level", "soak");
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(reportIn(out)).toMatchObject({
      complete: false,
      verdict: "inconclusive",
      unchecked: [{ what: "the rest of the run", why: "the 1 s of --max-time were over" }],
    });
    expect(existsSync(join(out, "journal.json"))).toBe(false);
    expect(existsSync(join(out, "certificate.json"))).toBe(false);
  });

  it("--quiet prints nothing of a daemon that conforms", async () => {
    expect(await run("quiet", "--quiet")).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  it("several profiles have a folder each, and are all judged", async () => {
    const { status, stdout, out } = await run("two", "--profile", "v4", "--profile", "v10");
    expect(status).toBe(0);
    expect(stdout.match(/^CONFORMING/gm)).toHaveLength(2);
    for (const profile of ["v4", "v10"]) {
      expect(reportIn(join(out, profile))).toMatchObject({ profile, verdict: "conforming" });
      expect(existsSync(join(out, profile, "certificate.json"))).toBe(true);
    }
  });

  it("--resume does not do again what came to its end", async () => {
    const { stderr, status } = await run("two", "--profile", "v4", "--profile", "v10", "--resume");
    expect(status).toBe(2);
    expect(stderr).toContain("no run was interrupted there");
  });
});
