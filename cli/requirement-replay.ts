import { manifestFromJson, manifestProblems } from "../spec/index.ts";
import { runDaemonSuite } from "../suites/daemon/certification.ts";
import { type DaemonReport, type RequirementFailure, UsageError } from "../suites/index.ts";
import { sameness } from "../suites/parser/ledger.ts";
import { type Context, VERSION } from "./context.ts";
import { storedDaemon } from "./daemon-subject.ts";
import { daemonProfileOf, type Parsed } from "./options.ts";
import { timeoutOf } from "./subject.ts";

/** Runs the suite over the daemon with what the file says of the run; returns the exit status. */
export async function replayRequirement(
  path: string,
  stored: RequirementFailure,
  options: Parsed,
  { print, paint, signal }: Context,
): Promise<number> {
  const { level, timeout, expect } = stored.options;
  const problems = expect === undefined ? [] : manifestProblems(expect);
  if (problems.length > 0) throw new UsageError(`${path}: /options/expect: ${problems.join("; ")}`);
  const report = await runDaemonSuite(storedDaemon(stored.subject, options), {
    profile: daemonProfileOf(stored.profile),
    level,
    seed: stored.seed,
    timeout: "timeout" in options.values ? timeoutOf(options) : timeout,
    expect: expect === undefined ? null : manifestFromJson(expect),
    signal,
    version: VERSION,
  });
  const { how, now } = compared(stored, report);
  if (how === "FIXED") {
    print(`${paint("green", how)} ${stored.rule}\n`);
    return 0;
  }
  print(`${paint("red", how)} ${stored.rule}: ${now}\n`);
  if (how === "DIFFERENT") print(`  when it was stored: ${told(stored)}\n`);
  return 1;
}

/** A failure in one line. */
const told = ({ path, detail }: Pick<RequirementFailure, "path" | "detail">) =>
  path === undefined ? detail : `${path}: ${detail}`;

/** What has become of the stored failure. */
function compared(
  stored: RequirementFailure,
  report: DaemonReport,
): { how: "FIXED" | "FAILED" | "DIFFERENT"; now: string } {
  const outcome = report.rules.find((r) => r.rule === stored.rule);
  if (outcome?.outcome === "passed") return { how: "FIXED", now: "" };
  const failures = report.failures.filter((f) => f.rule === stored.rule);
  const alike = failures.find(
    (f) => f.path === stored.path && sameness(f.detail) === sameness(stored.detail),
  );
  if (alike !== undefined) return { how: "FAILED", now: told(alike) };
  if (failures[0] !== undefined) return { how: "DIFFERENT", now: told(failures[0]) };
  // What was not checked is not fixed.
  const unchecked = `it was not checked: ${outcome?.reason ?? `${stored.profile} has no such requirement`}`;
  const other = report.failures.find((f) => !f.rule.startsWith("robustness/"));
  const instead = other === undefined ? "" : `; now it breaks ${other.rule}: ${told(other)}`;
  return { how: "DIFFERENT", now: `${unchecked}${instead}` };
}
