import { UsageError } from "../../base/errors.ts";
import { freshSeed } from "../../base/fresh-seed.ts";
import { present } from "../../base/present.ts";
import { kernelHere } from "../../subjects/live-kernel/kernel-here.ts";
import { KernelLog } from "../../subjects/live-kernel/kernel-log.ts";
import { Kmemleak } from "../../subjects/live-kernel/kmemleak.ts";
import { MountedKernel } from "../../subjects/live-kernel/mounted-kernel.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import { holdKernel, type LiveOptions } from "../live-run.ts";
import { file, withDefault } from "../options/kinds.ts";
import { anyProfile, forDaemon } from "../options/profiles.ts";
import { REPORT_OPTIONS, REPORT_STATUS, reportsOf } from "../options/reports.ts";
import { MESSAGE_OPTIONS } from "../options/run-options.ts";
import { TIMEOUT } from "../options/subject.ts";
import { command } from "../options/table.ts";
import { DEFAULT_OUT } from "../store/output.ts";
import { runInUml, UML_OPTIONS } from "../uml/uml.ts";

export const kernel = command({
  about: `Serves a FUSE mount on this machine and answers GET_FMAP with generated messages; what open(2), fstat(2) and
read(2) of its files return, and what the kernel logs meanwhile, is compared with the revision's oracle. Needs
root, /dev/fuse, and a kernel that offers FUSE_DAX_FMAP. A kernel that is badly broken may hang or crash: use a
machine for it.`,
  options: {
    "the run": {
      profile: anyProfile("the revision that the kernel has; without it the run finds out"),
      ...MESSAGE_OPTIONS,
      timeout: TIMEOUT,
    },
    "inside of a User Mode Linux": UML_OPTIONS,
    "the results": {
      out: withDefault(
        file(
          "report.json and failures/ go there; while it runs in-flight.json, which names the current question, in case the machine goes down over it",
          "DIR",
        ),
        DEFAULT_OUT,
      ),
      ...REPORT_OPTIONS,
    },
  },
  closing: REPORT_STATUS,
  async run(options, context) {
    const { values } = options;
    if (values.uml !== undefined) return runInUml(values.uml, options, context);
    const stray = (["kernel-source", "cache", "cc"] as const).find((name) => values[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} goes with --uml SOURCE`);
    const { filter: filters, runs, "max-time": maxTime } = values;
    const run: LiveOptions = {
      profile: values.profile === null ? null : forDaemon(values.profile),
      limits: {
        level: values.level,
        seed: values.seed ?? freshSeed(),
        failFast: values["fail-fast"],
        filters,
        ...present({ runs, maxTime }),
        ...(filters.length > 0 && { filter: ruleGlobs(filters) }),
      },
      timeout: values.timeout,
      strict: values.strict,
      quiet: values.quiet,
      out: values.out,
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
});
