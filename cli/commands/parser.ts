import { join } from "node:path";
import { sealed } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import { freshSeed } from "../../base/fresh-seed.ts";
import { present } from "../../base/present.ts";
import { parserResult, type Result } from "../../reports/index.ts";
import { DEFAULT_PROFILE, type Profile } from "../../spec/index.ts";
import { applyKnownFailures } from "../../suites/index.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import { VERSION } from "../context.ts";
import { EXPECTATION_OPTIONS, expectationsOf } from "../options/expectations.ts";
import { flag, whole } from "../options/kinds.ts";
import { severalProfiles } from "../options/profiles.ts";
import { REPORT_OPTIONS, REPORT_STATUS, reportsOf, statusOf } from "../options/reports.ts";
import {
  listed,
  MESSAGE_OPTIONS,
  OUT,
  RESUME,
  SHARD,
  WHOLE_RUN_OPTIONS,
  wholeRunOf,
} from "../options/run-options.ts";
import { SUBJECT_OPTIONS, subjectOf } from "../options/subject.ts";
import { command } from "../options/table.ts";
import { finishedRun, runParser } from "../parser-run.ts";
import { progressLine } from "../progress.ts";
import { makeFolder } from "../store/files.ts";
import { JournalFile } from "../store/journal-file.ts";
import { lockFolder } from "../store/lock.ts";
import { outOf, REPORT, store } from "../store/output.ts";
import { interruptedIn } from "../store/resuming.ts";
import { Writing } from "../store/writing.ts";

export const parser = command({
  about: `Asks a parser about valid and adversarial messages and compares its verdict, errno and map with what the kernel
of the profile does. The parser is a driver, a program that reads messages and answers
(docs/driver-protocol.md), kernel source, or a device. Without any of these it runs the suite's own oracle.`,
  options: {
    "the subject": SUBJECT_OPTIONS,
    "the run": {
      profile: severalProfiles,
      ...MESSAGE_OPTIONS,
      shard: SHARD,
      jobs: whole("how many processes, each with a subject of its own", { min: 1, max: 64 }),
      resume: RESUME,
      ...WHOLE_RUN_OPTIONS,
      ...EXPECTATION_OPTIONS,
      list: flag("list the rules that would be checked, and stop"),
    },
    "the results": { out: OUT, ...REPORT_OPTIONS },
  },
  program: "CMD ARG...",
  closing: `what a driver has to do (--protocol ndjson)
  for each line of stdin:
    {"cmd":"start","version":1}        answer {"version":1,"implementation":{"name":"mine"}}
    {"cmd":"parse","seq":7,"profile":"${DEFAULT_PROFILE.name}","hex":"00..."}
        parse the bytes as the kernel would, then answer
        {"seq":7,"verdict":"accept"}   with "map" if it likes, or
        {"seq":7,"verdict":"reject","errno":"EINVAL"}
    {"cmd":"stop"}                     end

${REPORT_STATUS}`,
  async run(options, context) {
    const { values } = options;
    const { profile: asked, filter: filters, resume, quiet, out: target } = values;
    const { runs, "max-time": maxTime, shard, jobs } = values;
    const filter = ruleGlobs(filters);
    const { guided, covered } = wholeRunOf(options);
    if (values.list) {
      context.print(listed(asked, (r) => filter(r.id)));
      return 0;
    }
    const expected = await expectationsOf(options);
    const reports = reportsOf(options);
    const folderOf = (profile: Profile) => outOf(target, asked, profile);
    const release = lockFolder(target);
    try {
      const interrupted = await interruptedIn(resume, asked.map(folderOf), "parser");
      const progress = progressLine(context, "messages", quiet);
      const run = {
        level: values.level,
        seed: values.seed ?? interrupted.values().next().value?.seed ?? freshSeed(),
        failFast: values["fail-fast"],
        guided,
        strict: values.strict,
        filters,
        timeout: values.timeout,
        version: VERSION,
        signal: context.signal,
        progress: progress.show,
        ...present({ runs, maxTime, shard, jobs }),
        ...(filters.length > 0 && { filter }),
      } as const;
      const results: Result[] = [];
      const writing = new Writing();
      for (const profile of asked) {
        const out = folderOf(profile);
        makeFolder(out);
        const subject = await subjectOf(options, profile, covered);
        const journal = new JournalFile(out, context.say);
        const from = interrupted.get(out) ?? null;
        const before = resume && from === null ? await finishedRun(out, subject, { ...run, profile }) : null;
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
        // A run that was stopped from outside can be resumed, and so can one whose report could not be written.
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
});
