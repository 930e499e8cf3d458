import { expect } from "vitest";
import { misfit } from "../../../base/schema-check.ts";
import type { Profile } from "../../../spec/index.ts";
import { type LiveReportOptions, liveReport } from "../report.ts";
import { LiveRun } from "../run.ts";
import { type Deeds, PlayedKernel } from "./played-kernel.ts";

/** The report of a run over a kernel that is played, a little longer than the thin table. */
export async function playedReport(
  profile: Profile,
  deeds: Partial<Deeds> = {},
  options: Partial<LiveReportOptions> = {},
) {
  const all = {
    profile,
    level: "quick",
    seed: 1,
    runs: 800,
    failFast: false,
    signal: new AbortController().signal,
    progress: () => {},
    version: "0",
    filters: [],
    timeout: 5000,
    strict: false,
    subject: { kind: "kernel", release: "played" },
    notes: [],
    ...options,
  } as const;
  const run = new LiveRun(new PlayedKernel(profile, deeds), all);
  await run.go();
  const report = await liveReport(run, all);
  expect(misfit("report", report)).toBeNull();
  return report;
}
