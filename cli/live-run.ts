import { join } from "node:path";
import { sealed } from "../base/digest.ts";
import { UsageError } from "../base/errors.ts";
import { parserResult } from "../reports/index.ts";
import { DEFAULT_PROFILE, type Profile } from "../spec/index.ts";
import { NOT_HERE } from "../subjects/live-kernel/kernel-here.ts";
import type { LiveKernel } from "../subjects/live-kernel/question.ts";
import type { KernelDescription, ParserReport } from "../suites/index.ts";
import { confirm, detect } from "../suites/kernel/detection.ts";
import { questionText } from "../suites/kernel/question-json.ts";
import { type LiveReportOptions, liveReport, skippedReport } from "../suites/kernel/report.ts";
import { LiveRun, type LiveRunOptions } from "../suites/kernel/run.ts";
import { exitStatus } from "../suites/run/verdict.ts";
import { type Context, VERSION } from "./context.ts";
import type { Reports } from "./options/reports.ts";
import { progressLine } from "./progress.ts";
import { InFlight } from "./store/in-flight.ts";
import { REPORT, store } from "./store/output.ts";

/** What a command line asks of a run over a kernel. */
export interface LiveOptions {
  /** null: the run finds out. */
  readonly profile: Profile | null;
  readonly limits: Pick<
    LiveReportOptions,
    "level" | "seed" | "runs" | "maxTime" | "failFast" | "filter" | "filters"
  >;
  /** Milliseconds to wait for an open(2). */
  readonly timeout: number;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly out: string;
  readonly reports: Reports;
}

const EXIT_NOTHING_HERE = 3;

/** Runs over a kernel, stores and prints the result, and returns the exit status. */
export async function holdKernel(
  kernel: LiveKernel,
  subject: KernelDescription,
  notes: readonly string[],
  options: LiveOptions,
  context: Context,
): Promise<number> {
  const { out, strict, reports } = options;
  const detected = options.profile === null ? await detect(kernel) : await confirm(kernel, options.profile);
  const finish = (report: ParserReport, otherwise: number) => {
    const stored = store(sealed(report), out);
    const result = parserResult(report, join(out, REPORT), stored);
    if (otherwise !== EXIT_NOTHING_HERE) reports.print(result, context);
    reports.write([result], context);
    return reports.status([result], otherwise);
  };
  const profile = "profile" in detected ? detected.profile : (options.profile ?? DEFAULT_PROFILE);
  const common = { ...options.limits, timeout: options.timeout, profile, version: VERSION, strict, subject };
  if ("without" in detected) {
    const why = `this kernel (${subject.release}) has no famfs: ${detected.without}`;
    context.say(`fmapspec: ${why}; ${NOT_HERE}\n`);
    return finish(skippedReport({ ...common, notes: [why] }, why), EXIT_NOTHING_HERE);
  }
  const report = await asked(kernel, { ...common, notes: [...detected.notes, ...notes] }, options, context);
  if (report.messages === 0 && report.complete && common.filter !== undefined)
    throw new UsageError("--filter leaves nothing that a kernel could be asked");
  return finish(report, exitStatus([report.verdict]));
}

/** The report of a run; a file holds the current question meanwhile. */
async function asked(
  kernel: LiveKernel,
  common: Omit<LiveReportOptions, "signal" | "progress">,
  { out, quiet }: LiveOptions,
  context: Context,
): Promise<ParserReport> {
  const inFlight = new InFlight(out);
  const progress = progressLine(context, "messages", quiet);
  const runOptions: LiveRunOptions = {
    ...common,
    signal: context.signal,
    progress: progress.show,
    about: (question) => inFlight.note({ profile: common.profile.name, ...questionText(question) }),
  };
  const run = new LiveRun(kernel, runOptions);
  const report = await progress.over(run.go().then(() => liveReport(run, { ...runOptions, ...common })));
  inFlight.done();
  return report;
}
