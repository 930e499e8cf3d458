import type { StoredFailure } from "../stored/failure-name.ts";

/** What came of a stored failure when it was run again. */
export interface Replayed {
  /** `fixed`: the subject does what it has to; `failed`: it fails as it did; `different`: in another way. */
  readonly outcome: "fixed" | "failed" | "different";
  /** How it fails now, a sentence for each; empty where it is fixed. */
  readonly now: readonly string[];
  /** A smaller failure of the same kind; null: none was found; missing: none was looked for. */
  readonly smaller?: StoredFailure | null;
  /** Of a death: the stored requests alone do not show it any more, the whole run does. */
  readonly needsRun?: true;
}

export const FIXED: Replayed = { outcome: "fixed", now: [] };
