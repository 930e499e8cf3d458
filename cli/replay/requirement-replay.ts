import { counted } from "../../base/counted.ts";
import { UsageError } from "../../base/errors.ts";
import { versionsWith } from "../../base/versions.ts";
import { manifestFromJson, manifestProblems } from "../../spec/index.ts";
import { attachmentOf, runDaemonSuite } from "../../suites/daemon/certification.ts";
import {
  isDeath,
  isSameDeath,
  replayDeath,
  type StoredDeath,
  shortenDeath,
} from "../../suites/daemon/stored-death.ts";
import type { DaemonReport, RequirementFailure } from "../../suites/index.ts";
import { sameness } from "../../suites/parser/failures/ledger.ts";
import { type Context, VERSION } from "../context.ts";
import { storedDaemon } from "../options/daemon-subject.ts";
import { forDaemon, profileOf } from "../options/profiles.ts";
import { storeBeside } from "../store/output.ts";
import type { ReplayOptions } from "./options.ts";

/** Runs the suite over the daemon with what the file says of the run; returns the exit status. */
export async function replayRequirement(
  path: string,
  stored: RequirementFailure,
  options: ReplayOptions,
  context: Context,
): Promise<number> {
  if (isDeath(stored)) {
    const status = await replayRequests(path, stored, options, context);
    if (status !== null) return status;
  }
  const { print, paint, signal } = context;
  const { level, timeout, expect } = stored.options;
  const problems = expect === undefined ? [] : manifestProblems(expect);
  if (problems.length > 0) throw new UsageError(`${path}: /options/expect: ${problems.join("; ")}`);
  const report = await runDaemonSuite(storedDaemon(stored.subject, options), {
    profile: forDaemon(profileOf(stored.profile)),
    level,
    seed: stored.seed,
    timeout: options.given.has("timeout") ? options.values.timeout : timeout,
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
  else if (options.values.shrink)
    print("  the stored requests do not show it alone: nothing shorter fails\n");
  return 1;
}

/** Asks the daemon what the file has of the start that died; returns the exit status, or null: it lives, and only a whole run can tell. */
async function replayRequests(
  path: string,
  stored: StoredDeath,
  options: ReplayOptions,
  { print, paint }: Context,
): Promise<number | null> {
  const profile = forDaemon(profileOf(stored.profile));
  const asked = storedDaemon(stored.subject, options);
  const timeout = options.given.has("timeout") ? options.values.timeout : stored.options.timeout;
  const attachment = attachmentOf(asked, timeout);
  const connect = () => attachment.connect();
  const died = await replayDeath(stored, profile, connect);
  if (died === null) return null;
  const same = isSameDeath(stored, died);
  print(`${paint("red", same ? "FAILED" : "DIFFERENT")} ${stored.rule}: ${died.gone.failure().detail}\n`);
  if (!same) print(`  when it was stored: ${told(stored)}\n`);
  else if (options.values.shrink) {
    const shorter = await shortenDeath(stored, died, profile, connect, versionsWith(VERSION));
    const subject = { ...asked, via: attachment.via };
    print(
      shorter === null
        ? "  nothing shorter fails\n"
        : `  ${counted(shorter.requests.length, "request")}: ${storeBeside(path, { ...shorter, subject })}\n`,
    );
  }
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
