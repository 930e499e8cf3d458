import { UsageError } from "../../base/errors.ts";
import { VERSION } from "../../base/package-root.ts";
import { versionsWith } from "../../base/versions.ts";
import { type ManifestJson, manifestFromJson, manifestProblems, type Profile } from "../../spec/index.ts";
import type { Attachment } from "../../subjects/daemon/attach.ts";
import { runDaemonSuite } from "../daemon/certification.ts";
import type { DaemonDescription, DaemonReport, RequirementFailure } from "../daemon/outcome.ts";
import { sameness } from "../parser/failures/ledger.ts";
import { onlyWarns } from "../run/verdict.ts";
import { isSameDeath, replayDeath, type StoredDeath, shortenDeath } from "./death.ts";
import { FIXED, type Replayed } from "./replayed.ts";

/** Asks the attached daemon what it was asked before it died; null: it lives, and only a whole run can tell. */
export async function replayRequests(
  stored: StoredDeath,
  profile: Profile,
  subject: DaemonDescription,
  attachment: Attachment,
  shrink: boolean,
): Promise<Replayed | null> {
  const connect = () => attachment.connect();
  const died = await replayDeath(stored, profile, connect);
  if (died === null) return null;
  const now = [died.gone.failure().detail];
  if (!isSameDeath(stored, died)) return { outcome: "different", now };
  if (!shrink) return { outcome: "failed", now };
  const shorter = await shortenDeath(stored, died, profile, connect, versionsWith(VERSION));
  const smaller = shorter === null ? null : { ...shorter, subject: { ...subject, via: attachment.via } };
  return { outcome: "failed", now, smaller };
}

/**
 * Runs the suite over the daemon with what a stored failure has of its run; a death without its requests is replayed so, too.
 * Throws UsageError for a stored manifest that is none, and SubjectError.
 */
export async function replayRequirement(
  stored: RequirementFailure,
  profile: Profile,
  subject: DaemonDescription,
  timeout: number,
  signal: AbortSignal,
): Promise<Replayed> {
  const { level, expect, mutate, expectAfter } = stored.options;
  const mutation =
    mutate === undefined || expectAfter === undefined
      ? {}
      : { mutation: { command: mutate, after: manifestOf(expectAfter, "expectAfter") } };
  const report = await runDaemonSuite(subject, {
    profile,
    level,
    seed: stored.seed,
    timeout,
    expect: expect === undefined ? null : manifestOf(expect, "expect"),
    ...mutation,
    signal,
    version: VERSION,
  });
  return compared(stored, report);
}

function manifestOf(json: ManifestJson, name: string) {
  const problems = manifestProblems(json);
  if (problems.length > 0) throw new UsageError(`/options/${name}: ${problems.join("; ")}`);
  return manifestFromJson(json);
}

/** A failure in one line. */
export const inOneLine = ({ path, detail }: Pick<RequirementFailure, "path" | "detail">): string =>
  path === undefined ? detail : `${path}: ${detail}`;

/** What has become of the stored failure. */
function compared(stored: RequirementFailure, report: DaemonReport): Replayed {
  const outcome = report.rules.find((r) => r.rule === stored.rule);
  if (outcome?.outcome === "passed") return FIXED;
  const failures = report.failures.filter((f) => f.rule === stored.rule);
  const alike = failures.find(
    (f) => f.path === stored.path && sameness(f.detail) === sameness(stored.detail),
  );
  if (alike !== undefined) return { outcome: "failed", now: [inOneLine(alike)] };
  if (failures[0] !== undefined) return { outcome: "different", now: [inOneLine(failures[0])] };
  // What was not checked is not fixed.
  const unchecked = `it was not checked: ${outcome?.reason ?? `${stored.profile} has no such requirement`}`;
  const other = report.failures.find((f) => !onlyWarns(f.rule));
  const instead = other === undefined ? [] : [`now it breaks ${other.rule}: ${inOneLine(other)}`];
  return { outcome: "different", now: [unchecked, ...instead] };
}
