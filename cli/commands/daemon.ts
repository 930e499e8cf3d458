import { join } from "node:path";
import { daemonResult, renderDaemonReport } from "../../reports/index.ts";
import { DEFAULT_PROFILE, type Profile } from "../../spec/index.ts";
import { certify, obstacle } from "../../suites/daemon/certificate.ts";
import { daemonFacts, runDaemonSuite } from "../../suites/daemon/certification.ts";
import { daemonJournal } from "../../suites/daemon/journal.ts";
import { sealed } from "../../suites/digest.ts";
import { MOUNTPOINT } from "../../suites/fuse/daemon.ts";
import { applyToDaemon, type DaemonDescription, type DaemonReport, UsageError } from "../../suites/index.ts";
import { PACKAGE_ROOT } from "../../suites/package-root.ts";
import { versionsWith } from "../../suites/versions.ts";
import type { Command } from "../command.ts";
import { type Context, VERSION } from "../context.ts";
import { DAEMON_OPTIONS, daemonOf } from "../daemon-subject.ts";
import { EXPECTATION_HELP, EXPECTATION_OPTIONS, expectationsOf } from "../expectations.ts";
import { shardOf } from "../extent-options.ts";
import { removeFile, writeFile } from "../files.ts";
import { JournalFile } from "../journal-file.ts";
import { lockFolder } from "../lock.ts";
import { expectedOf } from "../manifest-input.ts";
import { choice, daemonProfileOf, flag, freshSeed, readOptions, seedOf, text } from "../options.ts";
import { DEFAULT_OUT, storeDaemonFailures } from "../output.ts";
import { progressLine } from "../progress.ts";
import { REPORT_HELP, REPORT_OPTIONS, reportsOf } from "../reports.ts";
import { journalIn, nothingToResume, refuseOther } from "../resuming.ts";
import { DAEMON_REPORT } from "../stored-view.ts";
import { timeoutOf } from "../subject.ts";
import { Writing } from "../writing.ts";

export const daemon: Command = {
  help: `usage: fmapspec daemon [options] -- CMD ARG... {mountpoint}

Starts a FUSE daemon on a channel of our own, with no mount and no root. {mountpoint} becomes /dev/fd/N, or
an empty folder where the daemon insists on mounting (and is added at the end where the command has none). Walks its tree, fetches every file's map as the
kernel of the profile does, and judges. Without a command it certifies the suite's own reference daemon.

the daemon
  --channel KIND    auto (default), seqpacket or stream
  --via WAY         auto (default): direct, or fusermount where that does not work
                    direct: the mountpoint is /dev/fd/N, a device that is open already
                    fusermount: it is an empty folder, and a stand-in for fusermount3 hands over the channel
  --user NAME       run it as another user
  --timeout MS      an answer is due after so long (default 5000)

the run
  --profile NAME    the kernel revision (default ${DEFAULT_PROFILE.name})
  --level LEVEL     quick (default), full or soak
  --seed N          of the random sessions; always printed
  --shard I/N       only the I-th of N parts of the random sessions and of the probes, and all that regards
                    the whole tree; fmapspec merge puts the parts together
  --resume          go on with the run that was interrupted in --out
  --expect FILE     a manifest: which files there should be, and where (fmapspec list --schema manifest)
${EXPECTATION_HELP}

the results
  --out DIR         daemon-report.json, failures/ with each broken requirement and a random session that
                    failed, and, if nothing is in the way, certificate.json (default ${DEFAULT_OUT})
${REPORT_HELP}
  -v, --verbose     an outcome for each requirement

what a daemon has to do
  answer INIT, and set FUSE_INIT_EXT and the profile's FUSE_DAX_FMAP bit if that was offered
  answer GET_FMAP of a regular file (body: u32 size, u32 padding):
      the map, if it fits in size bytes; else 4 bytes: the size that it takes, and then, asked again, the map
      a negative errno for whatever is no regular file
  answer GET_DAXDEV (nodeid: the index) with the path of the dax device
`,
  async run(args, context) {
    const { print, say, paint, signal } = context;
    const options = readOptions(args, {
      ...DAEMON_OPTIONS,
      ...REPORT_OPTIONS,
      ...EXPECTATION_OPTIONS,
      profile: { type: "string" },
      level: { type: "string" },
      seed: { type: "string" },
      shard: { type: "string" },
      resume: { type: "boolean" },
      out: { type: "string" },
      verbose: { type: "boolean", short: "v" },
    });
    if (options.positionals.length > 0)
      throw new UsageError(
        `'${options.positionals[0]}' is not an option; the daemon's command goes behind --`,
      );
    const reports = reportsOf(options);
    const profile = daemonProfileOf(text(options, "profile") ?? DEFAULT_PROFILE.name);
    const subject =
      options.command === null ? embedded(options, profile) : daemonOf(options, options.command);
    const out = text(options, "out") ?? DEFAULT_OUT;
    const expected = await expectationsOf(options);
    const release = lockFolder(out);
    try {
      const from = flag(options, "resume") ? await journalIn(out, "daemon") : null;
      if (flag(options, "resume") && from === null) throw nothingToResume(out);
      const progress = progressLine(context, "checks", false);
      const run = {
        profile,
        level: choice(options, "level", ["quick", "full", "soak"]),
        seed: seedOf(options) ?? from?.seed ?? freshSeed(),
        timeout: timeoutOf(options),
        expect: await expectedOf(options),
        ...shardOf(options),
        signal,
        version: VERSION,
        progress: progress.show,
      };
      const facts = daemonFacts(subject, run);
      const journal = new JournalFile(out, say);
      if (from === null) journal.putAway();
      else refuseOther(from, { ...facts, profile: profile.name }, out);
      const running = runDaemonSuite(subject, {
        ...run,
        ...(from !== null && { from: from.state }),
        checkpoint: (state, urgent) => journal.keep(() => daemonJournal(profile, facts, state()), urgent),
      });
      const whole = await progress.over(running);
      const report = sealed(applyToDaemon(whole, expected));
      const writing = new Writing();
      writing.attempt(() => expected.update(report, context));
      const stored = join(out, DAEMON_REPORT);
      writing.write(stored, `${JSON.stringify(report, null, 2)}\n`);
      // What was stopped from outside can be gone on with; what could not be written down is not lost.
      if (writing.whole && (report.complete || !signal.aborted)) journal.remove();
      const { timeout, expect } = run;
      const besides = { timeout, expect, versions: versionsWith(VERSION) };
      const storedAt = storeDaemonFailures(out, report, profile, besides, writing.write);
      const results = [daemonResult(report, stored, storedAt)];
      if (!reports.onStdout) print(renderDaemonReport(report, storedAt, paint, flag(options, "verbose")));
      writing.attempt(() => reports.write(results, context));
      storeCertificate(whole, out, writing, reports.onStdout, context);
      return writing.settle(context, reports.status(results, report.passed ? 0 : 1));
    } finally {
      release();
    }
  },
};

/** Writes the certificate, if nothing is in the way of one. */
function storeCertificate(
  report: DaemonReport,
  out: string,
  writing: Writing,
  quiet: boolean,
  { print, say }: Context,
): void {
  // One of an earlier run would be taken for this one's.
  const path = join(out, "certificate.json");
  writing.attempt(() => removeFile(path));
  const why = obstacle(report);
  if (why !== null) {
    say(`no certificate: ${why}\n`);
    return;
  }
  const content = `${JSON.stringify(certify(report, new Date()), null, 2)}\n`;
  if (writing.attempt(() => writeFile(path, content)) && !quiet) print(`certificate: ${path}\n`);
}

const embedded = (options: Parameters<typeof daemonOf>[0], profile: Profile): DaemonDescription =>
  daemonOf(options, [
    process.execPath,
    join(PACKAGE_ROOT, "dist/cli/main.js"),
    "reference-daemon",
    ...(profile === DEFAULT_PROFILE ? [] : ["--profile", profile.name]),
    MOUNTPOINT,
  ]);
