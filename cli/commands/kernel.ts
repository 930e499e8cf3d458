import { UsageError } from "../../base/errors.ts";
import { KernelLog } from "../../subjects/live-kernel/kernel-log.ts";
import { Kmemleak } from "../../subjects/live-kernel/kmemleak.ts";
import { MountedKernel } from "../../subjects/live-kernel/mounted-kernel.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import type { Command } from "../command.ts";
import { kernelHere } from "../kernel-here.ts";
import { holdKernel, type LiveOptions } from "../live-run.ts";
import { limitsOf, RUN_OPTIONS } from "../options/extent-options.ts";
import {
  choice,
  daemonProfileOf,
  flag,
  freshSeed,
  readOptions,
  seedOf,
  text,
  texts,
} from "../options/options.ts";
import { REPORT_HELP, REPORT_OPTIONS, reportsOf } from "../options/reports.ts";
import { timeoutOf } from "../options/subject.ts";
import { DEFAULT_OUT } from "../store/output.ts";
import { runInUml, UML_HELP, UML_OPTIONS } from "../uml/uml.ts";

const OPTIONS = {
  ...REPORT_OPTIONS,
  ...UML_OPTIONS,
  ...RUN_OPTIONS,
  profile: { type: "string" },
  timeout: { type: "string" },
} as const;

export const kernel: Command = {
  help: `usage: fmapspec kernel [options]
       fmapspec kernel --uml SOURCE --kernel-source PATH [options]

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

${UML_HELP}

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
    if (text(options, "uml") !== undefined) return runInUml(options, context);
    const stray = ["kernel-source", "cache", "cc"].find((name) => text(options, name) !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} goes with --uml SOURCE`);
    const named = text(options, "profile");
    const globs = texts(options, "filter");
    const run: LiveOptions = {
      profile: named === undefined ? null : daemonProfileOf(named),
      limits: {
        level: choice(options, "level", ["quick", "full", "soak"]),
        seed: seedOf(options) ?? freshSeed(),
        failFast: flag(options, "fail-fast"),
        filters: globs,
        ...limitsOf(options),
        ...(globs.length === 0 ? {} : { filter: ruleGlobs(globs) }),
      },
      timeout: timeoutOf(options),
      strict: flag(options, "strict"),
      quiet: flag(options, "quiet"),
      out: text(options, "out") ?? DEFAULT_OUT,
      reports: reportsOf(options),
    };
    const subject = kernelHere();
    const log = new KernelLog();
    const detector = new Kmemleak();
    const live = new MountedKernel(run.timeout, log, detector);
    try {
      const notes = [
        ...(log.why === null ? [] : [`the kernel's log is not watched: ${log.why}`]),
        ...(detector.why === null ? [] : [`kmemleak is not asked: ${detector.why}`]),
      ];
      return await holdKernel(live, subject, notes, run, context);
    } finally {
      await live.unmount();
      log.close();
    }
  },
};
