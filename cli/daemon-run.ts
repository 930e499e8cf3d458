import { join } from "node:path";
import { sealed } from "../base/digest.ts";
import { versionsWith } from "../base/versions.ts";
import { daemonResult, type Result, renderText } from "../reports/index.ts";
import { certify, obstacle } from "../suites/daemon/certificate.ts";
import { type CertificationOptions, daemonFacts, runDaemonSuite } from "../suites/daemon/certification.ts";
import type { DaemonJournal } from "../suites/daemon/states.ts";
import { applyToDaemon, type DaemonDescription, type DaemonReport } from "../suites/index.ts";
import { journalOf } from "../suites/run/states.ts";
import { type Context, VERSION } from "./context.ts";
import type { Expected } from "./options/expectations.ts";
import { removeFile, writeFile } from "./store/files.ts";
import { JournalFile } from "./store/journal-file.ts";
import { storeDaemonFailures } from "./store/output.ts";
import { finishedIn, refuseOther } from "./store/resuming.ts";
import { DAEMON_REPORT } from "./store/stored-view.ts";
import type { Writing } from "./store/writing.ts";

/** How the results of one profile are kept and displayed. */
export interface Keeping {
  readonly out: string;
  readonly expected: Expected;
  readonly writing: Writing;
  /** Whether the run resumes the one in the folder. */
  readonly resume: boolean;
  /** Whether only failures are printed. */
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Whether standard output belongs to a report. */
  readonly onStdout: boolean;
}

/** Runs the suite over a daemon with one profile, and stores and prints the result. */
export async function certifyDaemon(
  subject: DaemonDescription,
  options: CertificationOptions,
  interrupted: DaemonJournal | null,
  keeping: Keeping,
  context: Context,
): Promise<{ readonly result: Result; readonly report: DaemonReport }> {
  const { out, expected, writing } = keeping;
  const { profile, timeout, expect, mutation } = options;
  const whole = await runOrFinished(subject, options, interrupted, keeping, context);
  const report = sealed(applyToDaemon(whole, expected));
  writing.attempt(() => expected.update(report, context));
  const stored = join(out, DAEMON_REPORT);
  writing.write(stored, `${JSON.stringify(report, null, 2)}\n`);
  // A run that was stopped from outside can be resumed, and so can one whose report could not be written.
  if (writing.whole && (report.complete || !context.signal.aborted))
    new JournalFile(out, context.say).remove();
  const besides = {
    timeout,
    expect,
    ...(mutation === undefined ? {} : { mutation }),
    versions: versionsWith(VERSION),
  };
  const storedAt = storeDaemonFailures(out, report, profile, besides, writing.write);
  const result = daemonResult(report, stored, storedAt);
  if (!keeping.onStdout && !(keeping.quiet && report.passed))
    context.print(renderText(result, context.paint, keeping.verbose));
  storeCertificate(whole, keeping, context);
  return { result, report };
}

/** The report of a run, which with `--resume` may have finished before. */
async function runOrFinished(
  subject: DaemonDescription,
  options: CertificationOptions,
  interrupted: DaemonJournal | null,
  { out, resume }: Keeping,
  { say }: Context,
): Promise<DaemonReport> {
  const { profile } = options;
  const facts = daemonFacts(subject, options);
  const asked = { ...facts, profile: profile.name };
  if (interrupted !== null) refuseOther(interrupted, asked, out);
  else if (resume) {
    const before = await finishedIn(join(out, DAEMON_REPORT), "fmapspec-daemon-report", asked);
    if (before !== null) return before;
  }
  const journal = new JournalFile(out, say);
  if (interrupted === null) journal.putAway();
  return runDaemonSuite(subject, {
    ...options,
    ...(interrupted !== null && { from: interrupted.state }),
    checkpoint: (state, urgent) => journal.keep(() => journalOf("daemon", profile, facts, state()), urgent),
  });
}

/** Writes the certificate, unless there is an obstacle to one. */
function storeCertificate(
  report: DaemonReport,
  { out, writing, onStdout, quiet }: Keeping,
  { print, say }: Context,
): void {
  // The certificate of an earlier run would pass for this run's.
  const path = join(out, "certificate.json");
  writing.attempt(() => removeFile(path));
  const why = obstacle(report);
  if (why !== null) {
    say(`no certificate: ${why}\n`);
    return;
  }
  const content = `${JSON.stringify(certify(report, new Date()), null, 2)}\n`;
  if (writing.attempt(() => writeFile(path, content)) && !onStdout && !quiet) print(`certificate: ${path}\n`);
}
