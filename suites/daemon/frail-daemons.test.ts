/** Daemons that die, hang or do not start again: the run goes on, and names what it could not check. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE, manifestFromJson } from "../../spec/index.ts";
import { runDaemonSuite } from "./certification.ts";
import type { DaemonReport } from "./outcome.ts";
import { type Frailty, frailDaemon, SMALL } from "./test/frail-daemon.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-frail-"));
afterAll(() => rmSync(folder, { recursive: true }));

let daemons = 0;

async function certify(frailty: Frailty | null, timeout = 20_000): Promise<DaemonReport> {
  const report = await runDaemonSuite(
    { command: frailDaemon(folder, `d${daemons++}`, frailty), channel: "auto", via: "direct" },
    {
      profile: DEFAULT_PROFILE,
      level: "quick",
      seed: 1,
      timeout,
      expect: manifestFromJson(SMALL),
      signal: new AbortController().signal,
      version: "test",
    },
  );
  expect(misfit("daemon-report", report)).toBeNull();
  return report;
}

const failedIn = ({ rules }: DaemonReport) => rules.filter((r) => r.outcome === "failed").map((r) => r.rule);

const outcomeOf = (report: DaemonReport, rule: string) => report.rules.find((r) => r.rule === rule)?.outcome;

/** What is checked of the other files, whatever one of them does. */
const OF_OTHERS = [
  "daemon/tree/listed-names",
  "daemon/tree/open",
  "daemon/fmap/accepted",
  "daemon/fmap/stable-again",
  "daemon/fmap/stable-restarted",
  "daemon/intent/extents",
  "daemon/tree/lookup-count",
  "daemon/life/interrupt",
];

it("a sound daemon of the same kind is certified, and all sessions are played", async () => {
  const report = await certify(null);
  expect(report).toMatchObject({ verdict: "conforming", sessions: { planned: 80, played: 80 } });
  expect(report.unchecked).toEqual([]);
});

describe("a daemon that dies", () => {
  it.each<[string, string]>([
    ["LOOKUP", "/boom"],
    ["GETATTR", "/boom"],
    ["OPEN", "/boom"],
    ["GET_FMAP", "/boom"],
    ["RELEASE", "/boom"],
    ["OPENDIR", "/dir"],
  ])("of %s of %s is judged on all other files", async (opcode, path) => {
    const report = await certify({ how: "dies", opcode, path });
    expect(failedIn(report)).toEqual(["daemon/life/stays"]);
    expect(report.verdict).toBe("not conforming");
    const [failure, ...others] = report.failures.filter((f) => f.rule === "daemon/life/stays");
    expect(failure).toMatchObject({ path, request: expect.any(String) });
    expect(failure?.detail).toContain(`${opcode} of ${path}: it was killed by SIGSEGV`);
    expect(others).toEqual([]);
    for (const rule of OF_OTHERS) expect([rule, outcomeOf(report, rule)]).toEqual([rule, "passed"]);
    expect(report.unchecked).toContainEqual({
      what: `what ${opcode} of ${path} leads to`,
      why: "the daemon died of it",
    });
    expect(report.sessions?.played).toBe(80);
  });

  it("of FORGET of one nodeid is judged on all other files", async () => {
    const report = await certify({ how: "dies", opcode: "FORGET", path: "/boom" });
    expect(failedIn(report)).toEqual(["daemon/life/stays"]);
    expect(report.failures[0]?.detail).toMatch(/^at FORGET of .*: it was killed by SIGSEGV/);
    for (const rule of OF_OTHERS) expect([rule, outcomeOf(report, rule)]).toEqual([rule, "passed"]);
  });

  it("of GET_DAXDEV or STATFS is judged on all files", async () => {
    for (const opcode of ["GET_DAXDEV", "STATFS"]) {
      const report = await certify({ how: "dies", opcode });
      expect(failedIn(report)).toEqual(["daemon/life/stays"]);
      for (const rule of OF_OTHERS) expect([rule, outcomeOf(report, rule)]).toEqual([rule, "passed"]);
    }
  });

  it("of each 60th request is blamed for that alone, within bounds", async () => {
    const report = await certify({ how: "dies", each: 60 });
    expect(failedIn(report)).toEqual(["daemon/life/stays"]);
    expect(report.verdict).toBe("not conforming");
  });

  it("at INIT in each second start is started again", async () => {
    const report = await certify({ how: "leaves", opcode: "INIT", eachStart: 2 });
    expect(failedIn(report)).toEqual(["daemon/life/stays"]);
    for (const rule of OF_OTHERS) expect([rule, outcomeOf(report, rule)]).toEqual([rule, "passed"]);
  });

  it("at everything behind INIT is given up soon", async () => {
    const report = await certify({ how: "dies" });
    expect(report).toMatchObject({ complete: false, verdict: "not conforming" });
    expect(report.unchecked).toContainEqual({
      what: "the rest of the run",
      why: "it answers INIT and nothing else",
    });
  });
});

describe("a daemon that hangs", () => {
  it.each<[Frailty["how"], string, string]>([
    ["hangs", "LOOKUP", "/boom"],
    ["keeps silent", "GETATTR", "/boom"],
    ["hangs", "GET_FMAP", "/boom"],
  ])("(%s) at %s of %s is judged on all other files", async (how, opcode, path) => {
    const report = await certify({ how, opcode, path }, 1500);
    expect(failedIn(report)).toEqual(["daemon/reply/answered"]);
    for (const rule of OF_OTHERS) expect([rule, outcomeOf(report, rule)]).toEqual([rule, "passed"]);
    expect(report.failures).toHaveLength(1);
    expect(report.unchecked).toEqual([
      { what: `what ${opcode} of ${path} leads to`, why: "it was not answered" },
    ]);
  });

  it("at each GETATTR is not asked for that any more", async () => {
    const report = await certify({ how: "keeps silent", opcode: "GETATTR" }, 500);
    expect(report.verdict).toBe("not conforming");
    expect(failedIn(report)).toContain("daemon/reply/answered");
  });
});
