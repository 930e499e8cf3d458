/**
 * Misbehaving daemons are caught by the requirement that they break, and by no other. Here some of them are tried, spread
 * over all; `fmapspec selftest` tries each of them, in CI too.
 */
import { describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE, isRobustness } from "../../spec/index.ts";
import { FAULTS } from "../../subjects/reference/faults.ts";
import { tryDaemon } from "../studies/selftest/daemon-mutants.ts";
import { obstacle } from "./certificate.ts";
import type { DaemonReport } from "./outcome.ts";
import { sample } from "./session/sampling.ts";

/** Faults that are tried here: all of them take minutes. */
const TRIED = 20;

/** Certifies the reference daemon, with a fault or without. */
const certify = (fault: string | null) =>
  tryDaemon(DEFAULT_PROFILE, fault, { seed: 1, signal: new AbortController().signal });

const failed = (report: DaemonReport) =>
  report.rules.filter((r) => r.outcome === "failed" || r.outcome === "warning").map((r) => r.rule);

describe.concurrent("daemons that misbehave", () => {
  it("the reference daemon without a fault fulfils every requirement", async () => {
    const { report, trial } = await certify(null);
    expect(trial).toMatchObject({ messages: null, rules: [], witness: null });
    expect(failed(report)).toEqual([]);
    expect(report.rules.filter((r) => r.outcome !== "passed")).toEqual([]);
    expect(obstacle(report)).toBeNull();
    expect(misfit("daemon-report", report)).toBeNull();
  });

  for (const { name, rule, sentence } of sample(FAULTS, TRIED))
    it(`${name}: ${sentence} (${rule})`, async () => {
      const { report, trial } = await certify(name);
      // What no kernel sends can show the same fault again.
      const counted = (rules: readonly string[]) => rules.filter((r) => r === rule || !isRobustness(r));
      expect(counted(failed(report))).toEqual([rule]);
      expect(counted(trial.rules)).toEqual([rule]);
      expect(misfit("daemon-report", report)).toBeNull();
    });
});
