import { createHash } from "node:crypto";
import type { RequirementFailure, StoredSession } from "../daemon/outcome.ts";
import { sameness } from "../parser/failures/ledger.ts";
import type { Counterexample } from "../run/outcome.ts";

/** Every document of a failure that a run leaves. */
export type StoredFailure = Counterexample | StoredSession | RequirementFailure;

/** Hex digits of a name's digest. */
const DIGITS = 8;

/**
 * The file name of a stored failure, `RULE-KIND-DIGEST.json`. The digest is over what identifies it and not over what a run
 * says of it, so that a failure has the same name in every run and two failures never have one name.
 */
export function failureName(failure: StoredFailure): string {
  const { kind, identity } = identified(failure);
  const parts = [failure.profile, failure.rule, ...identity];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${failure.rule.replaceAll("/", "-")}-${kind}-${digest.slice(0, DIGITS)}.json`;
}

function identified(f: StoredFailure): { kind: string; identity: readonly unknown[] } {
  switch (f.format) {
    case "fmapspec-session":
      return { kind: "session", identity: [f.files, f.steps] };
    case "fmapspec-requirement-failure":
      // Nodeids and uniques are numbers that another start of the daemon has others for.
      return {
        kind: "requirement",
        identity: [f.path, sameness(f.detail), ...(f.shortened ? [f.requests] : [])],
      };
    case "fmapspec-counterexample": {
      const { kind, message, failAllocation, scene, resolve, answers, daxdev, opens } = f;
      // What was not asked for leaves no trace, so that a circumstance that is thought of later renames nothing.
      const asked = { kind, message, failAllocation, scene, resolve, answers, daxdev, opens };
      // One message can show several findings, which differ by what was seen.
      return { kind, identity: f.kind === "finding" ? [asked, f.actual] : [asked] };
    }
  }
}
