import { join } from "node:path";
import { parserResult, renderReport } from "../../reports/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { UsageError } from "../../suites/index.ts";
import { confirm, detect } from "../../suites/kernel/detection.ts";
import { KernelLog } from "../../suites/kernel/kernel-log.ts";
import { MountedKernel } from "../../suites/kernel/mounted-kernel.ts";
import { liveReport, questionText, skippedReport } from "../../suites/kernel/report.ts";
import { LiveRun, type LiveRunOptions } from "../../suites/kernel/run.ts";
import { ruleGlobs } from "../../suites/rule-globs.ts";
import type { Command } from "../command.ts";
import { VERSION } from "../context.ts";
import { InFlight } from "../in-flight.ts";
import { kernelHere, NOT_HERE } from "../kernel-here.ts";
import {
  choice,
  daemonProfileOf,
  flag,
  freshSeed,
  type Parsed,
  readOptions,
  seedOf,
  text,
  texts,
  whole,
} from "../options.ts";
import { DEFAULT_OUT } from "../output.ts";
import { progressLine } from "../progress.ts";
import { REPORT_HELP, REPORT_OPTIONS, reportsOf } from "../reports.ts";
import { REPORT, store } from "../stored-run.ts";
import { timeoutOf } from "../subject.ts";

const OPTIONS = {
  ...REPORT_OPTIONS,
  profile: { type: "string" },
  level: { type: "string" },
  seed: { type: "string" },
  runs: { type: "string" },
  "max-time": { type: "string" },
  filter: { type: "string", multiple: true },
  timeout: { type: "string" },
  out: { type: "string" },
  "fail-fast": { type: "boolean" },
  strict: { type: "boolean" },
  verbose: { type: "boolean", short: "v" },
  quiet: { type: "boolean" },
} as const;

const EXIT_NOTHING_HERE = 3;

export const kernel: Command = {
  summary: "hold the running kernel against a revision: serve a mount and open files",
  help: `usage: fmapspec kernel [options]

Serves a FUSE mount on this machine and answers GET_FMAP with generated messages; what open(2), fstat(2) and
read(2) of its files come to, and what the kernel logs meanwhile, is held against the revision's oracle. Needs
root, /dev/fuse, and a kernel that offers FUSE_DAX_FMAP. A kernel that is badly broken may hang or crash: use a
machine for it.

the run
  --profile NAME        the revision that the kernel has; found out without it
  --level LEVEL         quick (default, 1000 messages), full (20000) or soak
  --runs N              so many messages      --max-time S   not longer than S seconds
  --seed N              of the random messages; always printed
  --filter GLOB         only what a matching rule decides; repeatable
  --timeout MS          an open(2) is due after so long (default 5000)
  --fail-fast           stop at the first failure
  --strict              findings that the revision is known for fail the run too

the results
  --out DIR             report.json and failures/ go there (default ${DEFAULT_OUT}); while it runs
                        in-flight.json, which names what is being asked, should the machine go down over it
${REPORT_HELP}
  -v, --verbose         an outcome for each rule     --quiet   nothing but failures
`,
  async run(args, context) {
    const options = readOptions(args, OPTIONS);
    if (options.positionals.length > 0 || options.command !== null)
      throw new UsageError("a kernel is not started by a command: it is the one that this machine runs");
    const named = text(options, "profile");
    const asked = named === undefined ? null : daemonProfileOf(named);
    const reports = reportsOf(options);
    const limits = limitsOf(options);
    const timeout = timeoutOf(options);
    const subject = kernelHere();
    const log = new KernelLog();
    const live = new MountedKernel(timeout, log);
    const out = text(options, "out") ?? DEFAULT_OUT;
    const began = performance.now();
    try {
      const detected = asked === null ? await detect(live) : await confirm(live, asked);
      const profile = "profile" in detected ? detected.profile : (asked ?? DEFAULT_PROFILE);
      const common = {
        ...limits,
        timeout,
        profile,
        version: VERSION,
        strict: flag(options, "strict"),
        subject,
      };
      const watched = log.why === null ? [] : [`the kernel's log is not watched: ${log.why}`];
      if ("without" in detected) {
        const why = `this kernel (${subject.release}) has no famfs: ${detected.without}`;
        const report = skippedReport({ ...common, notes: [why] }, why);
        const results = [parserResult(report, join(out, REPORT), store(report, out), common.strict)];
        reports.write(results, context);
        context.say(`fmapspec: ${why}; ${NOT_HERE}\n`);
        return reports.status(results, EXIT_NOTHING_HERE);
      }
      const inFlight = new InFlight(out);
      const progress = progressLine(context, "messages", flag(options, "quiet"));
      const runOptions: LiveRunOptions = {
        ...common,
        signal: context.signal,
        progress: progress.show,
        about: (question) => inFlight.note({ profile: profile.name, ...questionText(question) }),
      };
      const run = new LiveRun(live, runOptions);
      const report = await progress.over(
        (async () => {
          await run.go();
          const notes = [...detected.notes, ...watched];
          const seconds = () => (performance.now() - began) / 1000;
          return liveReport(run, { ...runOptions, ...common, notes }, seconds);
        })(),
      );
      inFlight.done();
      if (report.messages === 0 && report.complete && limits.filter !== undefined)
        throw new UsageError("--filter leaves nothing that a kernel could be asked");
      const stored = store(report, out);
      const results = [parserResult(report, join(out, REPORT), stored, common.strict)];
      if (!reports.onStdout && !(flag(options, "quiet") && report.passed))
        context.print(renderReport(report, stored, context.paint, flag(options, "verbose")));
      reports.write(results, context);
      return reports.status(results, report.passed ? 0 : 1);
    } finally {
      await live.unmount();
      log.close();
    }
  },
};

function limitsOf(options: Parsed) {
  const runs = whole(options, "runs", 1);
  const maxTime = whole(options, "max-time", 1);
  const globs = texts(options, "filter");
  return {
    level: choice(options, "level", ["quick", "full", "soak"]),
    seed: seedOf(options) ?? freshSeed(),
    failFast: flag(options, "fail-fast"),
    filters: globs,
    ...(runs === undefined ? {} : { runs }),
    ...(maxTime === undefined ? {} : { maxTime }),
    ...(globs.length === 0 ? {} : { filter: ruleGlobs(globs) }),
  };
}
