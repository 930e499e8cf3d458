import { join } from "node:path";
import { sealed } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import { parserResult, type Result } from "../../reports/index.ts";
import { DEFAULT_PROFILE, type Profile } from "../../spec/index.ts";
import { applyKnownFailures } from "../../suites/index.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import type { Command } from "../command.ts";
import { VERSION } from "../context.ts";
import { EXPECTATION_HELP, EXPECTATION_OPTIONS, expectationsOf } from "../options/expectations.ts";
import { jobsOf, limitsOf, listed, RUN_OPTIONS, shardOf, wholeRunOf } from "../options/extent-options.ts";
import { choice, flag, freshSeed, profiles, readOptions, seedOf, text, texts } from "../options/options.ts";
import { REPORT_HELP, REPORT_OPTIONS, reportsOf, statusOf } from "../options/reports.ts";
import { SUBJECT_OPTIONS, subjectOf, timeoutOf } from "../options/subject.ts";
import { finishedRun, runParser } from "../parser-run.ts";
import { progressLine } from "../progress.ts";
import { makeFolder } from "../store/files.ts";
import { JournalFile } from "../store/journal-file.ts";
import { lockFolder } from "../store/lock.ts";
import { DEFAULT_OUT, outOf } from "../store/output.ts";
import { interruptedIn } from "../store/resuming.ts";
import { REPORT, store } from "../store/stored-run.ts";
import { Writing } from "../store/writing.ts";

const OPTIONS = {
  ...SUBJECT_OPTIONS,
  ...REPORT_OPTIONS,
  ...EXPECTATION_OPTIONS,
  ...RUN_OPTIONS,
  profile: { type: "string", multiple: true },
  shard: { type: "string" },
  jobs: { type: "string" },
  resume: { type: "boolean" },
  guided: { type: "boolean" },
  coverage: { type: "boolean" },
  list: { type: "boolean" },
} as const;

export const parser: Command = {
  help: `usage: fmapspec parser [options] [-- CMD ARG...]
       fmapspec parser [options] --kernel-source PATH
       fmapspec parser [options] --device PATH

Asks a parser about valid and adversarial messages and compares its verdict, errno and map with what the
kernel of the profile does. Without a subject it runs the suite's own oracle as a driver.

the subject
  -- CMD ARG...         a driver: a program that reads messages and answers (docs/driver-protocol.md)
  --protocol WAY        how it speaks: ndjson (default), frames or exec
  --kernel-source PATH  a kernel's own parser: a kernel tree, a famfs.c, a patch, or a mail with one
  --device PATH         one inside of the running kernel: the device of the module that \`fmapspec export module\` writes
  --cc CC               the C compiler for it (default: $CC, gcc, clang, cc)
  --timeout MS          an answer is due after so long (default 5000)

the run
  --profile NAME        the kernel revision (default ${DEFAULT_PROFILE.name}); repeatable, or all
  --level LEVEL         quick (default), full, or soak
  --runs N              so many messages      --max-time S   not longer than S seconds
  --shard I/N           only the I-th of N parts of it (I-J/N: several); fmapspec merge puts them together
  --jobs N              so many processes, each with a subject of its own
  --resume              go on with the run that was interrupted in --out
  --guided              make messages from those that showed something new: to the oracle, or in the C of --kernel-source
  --coverage            tell which lines and branches of --kernel-source were reached; --guided does so too
  --seed N              of the random messages; always printed
  --filter GLOB         only messages that a matching rule decides; repeatable
  --fail-fast           stop at the first failure
  --strict              findings that the revision is known for fail the run too
${EXPECTATION_HELP}
  --list                list the rules that would be checked, and stop

the results
  --out DIR             report.json and failures/ go there (default ${DEFAULT_OUT});
                        with several profiles, to a folder of each profile's name in it
${REPORT_HELP}
  -v, --verbose         an outcome for each rule     --quiet   nothing but failures

what a driver has to do (--protocol ndjson)
  for each line of stdin:
    {"cmd":"start","version":1}        answer {"version":1,"implementation":{"name":"mine"}}
    {"cmd":"parse","seq":7,"profile":"${DEFAULT_PROFILE.name}","hex":"00..."}
        parse the bytes as the kernel would, then answer
        {"seq":7,"verdict":"accept"}   with "map" if it likes, or
        {"seq":7,"verdict":"reject","errno":"EINVAL"}
    {"cmd":"stop"}                     end
`,
  async run(args, context) {
    const options = readOptions(args, OPTIONS);
    if (options.positionals.length > 0)
      throw new UsageError(`'${options.positionals[0]}' is not an option; a driver's command goes behind --`);
    const filter = ruleGlobs(texts(options, "filter"));
    const { guided, covered } = wholeRunOf(options);
    if (flag(options, "list")) {
      context.print(listed(profiles(options), (r) => filter(r.id)));
      return 0;
    }
    const expected = await expectationsOf(options);
    const reports = reportsOf(options);
    const target = text(options, "out") ?? DEFAULT_OUT;
    const asked = profiles(options);
    const folderOf = (profile: Profile) => outOf(target, asked, profile);
    const release = lockFolder(target);
    try {
      const interrupted = await interruptedIn(flag(options, "resume"), asked.map(folderOf), "parser");
      const progress = progressLine(context, "messages", flag(options, "quiet"));
      const run = {
        level: choice(options, "level", ["quick", "full", "soak"]),
        seed: seedOf(options) ?? interrupted.values().next().value?.seed ?? freshSeed(),
        failFast: flag(options, "fail-fast"),
        guided,
        strict: flag(options, "strict"),
        filters: texts(options, "filter"),
        timeout: timeoutOf(options),
        version: VERSION,
        signal: context.signal,
        progress: progress.show,
        ...limitsOf(options),
        ...shardOf(options),
        ...jobsOf(options),
        ...(texts(options, "filter").length === 0 ? {} : { filter }),
      } as const;
      const results: Result[] = [];
      const writing = new Writing();
      for (const profile of asked) {
        const out = folderOf(profile);
        makeFolder(out);
        const subject = await subjectOf(options, profile, covered);
        const journal = new JournalFile(out, context.say);
        const from = interrupted.get(out) ?? null;
        const before =
          flag(options, "resume") && from === null
            ? await finishedRun(out, subject, { ...run, profile })
            : null;
        if (before === null && from === null) journal.putAway();
        let report =
          before ?? (await progress.over(runParser(subject, { ...run, profile }, journal, from, out)));
        const narrowed = "filter" in run || "shard" in run;
        if (narrowed && report.messages === 0 && report.complete && report.counterexamples.length === 0) {
          journal.remove();
          throw new UsageError(
            "--filter and --shard leave no message that this subject could be asked about",
          );
        }
        report = sealed(applyKnownFailures(report, expected));
        writing.attempt(() => expected.update(report, context));
        const stored = store(report, out, writing.write);
        // What was stopped from outside can be gone on with; what could not be written down is not lost.
        if (writing.whole && (report.complete || !context.signal.aborted)) journal.remove();
        const result = parserResult(report, join(out, REPORT), stored);
        results.push(result);
        reports.print(result, context);
      }
      writing.attempt(() => reports.write(results, context));
      return writing.settle(context, reports.status(results, statusOf(results)));
    } finally {
      release();
    }
  },
};
