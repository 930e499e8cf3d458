import { createHash } from "node:crypto";
import type { StoredSession } from "./daemon/outcome.ts";
import type { Counterexample } from "./outcome.ts";

/** Hex digits of a name's digest. */
const DIGITS = 8;

/**
 * The file name of a stored failure, `RULE-KIND-DIGEST.json`. The digest is over what identifies it and not over what a run
 * says of it, so that a failure has the same name in every run and two failures never have one name.
 */
export function failureName(failure: Counterexample | StoredSession): string {
  const kind = failure.format === "fmapspec-session" ? "session" : failure.kind;
  const digest = createHash("sha256")
    .update(JSON.stringify(identity(failure)))
    .digest("hex");
  return `${failure.rule.replaceAll("/", "-")}-${kind}-${digest.slice(0, DIGITS)}.json`;
}

function identity(f: Counterexample | StoredSession): readonly unknown[] {
  if (f.format === "fmapspec-session") return [f.profile, f.rule, f.files, f.steps];
  const asked = [
    f.profile,
    f.rule,
    f.kind,
    f.message,
    f.failAllocation,
    f.scene,
    f.resolve,
    f.answers,
    f.daxdev,
    f.opens,
  ];
  // One message can show several findings, which differ by what was seen.
  return f.kind === "finding" ? [...asked, f.actual] : asked;
}
