import { holdsIn, type Profile, RULES, type RuleId } from "../../spec/index.ts";
import type { RuleOutcome } from "../outcome.ts";

/** One way in which the daemon broke a requirement, with what was sent and received. */
export interface DaemonFailure {
  readonly rule: RuleId;
  readonly detail: string;
  /** Path in the daemon's tree, where the failure belongs to one. */
  readonly path?: string;
  /** Hex of the request's and the reply's bytes, where there is one exchange to blame. */
  readonly request?: string;
  readonly reply?: string;
}

/** Examples of one rule's failure that are kept; the rest is counted. */
const EXAMPLES = 3;

/** What a run over a daemon has seen so far. */
export class DaemonLedger {
  readonly failures: DaemonFailure[] = [];
  private readonly counts = new Map<RuleId, number>();
  private readonly failed = new Map<RuleId, number>();
  private readonly excused = new Map<RuleId, string>();

  private closed = false;

  /** Nothing counts any more: the run was told to stop, and the daemon is killed for it. */
  close(): void {
    this.closed = true;
  }

  /** Counts a check of the rule; a failure when `detail` says how it failed. Returns whether it passed. */
  check(rule: RuleId, detail: string | null, evidence: Omit<DaemonFailure, "rule" | "detail"> = {}): boolean {
    if (this.closed) return detail === null;
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
    if (detail === null) return true;
    const failed = (this.failed.get(rule) ?? 0) + 1;
    this.failed.set(rule, failed);
    if (failed <= EXAMPLES) this.failures.push({ rule, detail, ...evidence });
    return false;
  }

  /** The rule cannot be held against this daemon or with these options. */
  excuse(rule: RuleId, reason: string): void {
    this.excused.set(rule, reason);
  }

  /** Excuses every rule whose id begins so. */
  excuseAll(prefix: string, reason: string): void {
    for (const r of RULES) if (r.id.startsWith(prefix)) this.excuse(r.id, reason);
  }

  hasFailed(rule: RuleId): boolean {
    return this.failed.has(rule);
  }

  outcomes(profile: Profile): RuleOutcome[] {
    return RULES.filter((r) => holdsIn(r, profile) && r.needs === "daemon").map((r) => {
      const failed = this.failed.get(r.id) ?? 0;
      const base = { rule: r.id, messages: this.counts.get(r.id) ?? 0, failed };
      if (failed > 0) return { ...base, outcome: "failed" };
      if (base.messages > 0) return { ...base, outcome: "passed" };
      const reason = this.excused.get(r.id);
      return reason === undefined
        ? { ...base, outcome: "not-run", reason: "the run ended before it was checked" }
        : { ...base, outcome: "not-applicable", reason };
    });
  }
}
