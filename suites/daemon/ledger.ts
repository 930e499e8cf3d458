import { RULES, type RuleId } from "../../spec/index.ts";
import type { Evidence } from "../../subjects/daemon/evidence.ts";
import { sameness } from "../parser/failures/ledger.ts";
import type { DaemonFailure, DaemonTally } from "./outcome.ts";
import { EXAMPLES } from "./tally.ts";
import { UNJUDGED } from "./unjudged.ts";

/** What a run over a daemon has seen so far. */
export class DaemonLedger {
  readonly failures: DaemonFailure[] = [];
  /** Index of what is being done, where shards do different things. */
  position = 0;
  private readonly positions: number[] = [];
  private readonly counts = new Map<RuleId, number>();
  private readonly failed = new Map<RuleId, number>();
  private readonly excused = new Map<RuleId, string>();
  private readonly missed = new Map<RuleId, string>();
  /** Failures of the daemon's starts before this one, without their numbers, and of this one. */
  private readonly before = new Set<string>();
  private readonly now = new Set<string>();
  private closed = false;
  private readonly filter: (rule: RuleId) => boolean;
  private readonly onFailure: (rule: RuleId) => void;

  /** `filter`: rules that count. `onFailure` hears of each failure, once it is noted. */
  constructor(filter: (rule: RuleId) => boolean = () => true, onFailure: (rule: RuleId) => void = () => {}) {
    this.filter = filter;
    this.onFailure = onFailure;
  }

  /** The daemon is started again, and what failed before may fail again: that is one failure. */
  newStart(): void {
    for (const failure of this.now) this.before.add(failure);
    this.now.clear();
  }

  /** Whether a rule whose id begins so counts. */
  wants(prefixes: readonly string[]): boolean {
    return RULES.some(({ id }) => this.filter(id) && prefixes.some((p) => id.startsWith(p)));
  }

  /** Nothing counts any more: the run was told to stop, and the daemon is killed for it. */
  close(): void {
    this.closed = true;
  }

  /**
   * Counts a check of the rule; a failure when `detail` says how it failed. `exchange`: the bytes of it, which only a
   * failure asks for. Returns whether it passed.
   */
  check(
    rule: RuleId,
    detail: string | null,
    evidence: Omit<DaemonFailure, "rule" | "detail"> = {},
    exchange?: () => Partial<Evidence>,
  ): boolean {
    if (this.closed || !this.filter(rule)) return detail === null;
    if (detail?.includes(UNJUDGED)) return false;
    const failure = detail === null ? null : `${rule}|${evidence.path}|${sameness(detail)}`;
    if (failure !== null && this.before.has(failure)) return false;
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
    if (detail === null) return true;
    const failed = (this.failed.get(rule) ?? 0) + 1;
    this.failed.set(rule, failed);
    if (failure !== null) this.now.add(failure);
    if (failed <= EXAMPLES) {
      this.failures.push({ rule, detail, ...evidence, ...exchange?.() });
      this.positions.push(this.position);
    }
    this.onFailure(rule);
    return false;
  }

  /** The rule cannot be held against this daemon or with these options. */
  excuse(rule: RuleId, reason: string): void {
    this.excused.set(rule, reason);
  }

  /** Rules whose ids begin so were not checked, though they could have been. */
  miss(prefixes: readonly string[], reason: string): void {
    for (const { id } of RULES)
      if (!this.missed.has(id) && prefixes.some((p) => id.startsWith(p))) this.missed.set(id, reason);
  }

  /** Excuses every rule whose id begins so. */
  excuseAll(prefix: string, reason: string): void {
    for (const r of RULES) if (r.id.startsWith(prefix)) this.excuse(r.id, reason);
  }

  hasFailed(rule: RuleId): boolean {
    return this.failed.has(rule);
  }

  /** What was seen, as it is kept and added up. */
  tally(): DaemonTally {
    return {
      counts: Object.fromEntries(this.counts),
      failed: Object.fromEntries(this.failed),
      failures: this.failures.map((f, i) => ({ ...f, position: this.positions[i] as number })),
      excused: Object.fromEntries(this.excused),
      missed: Object.fromEntries(this.missed),
    };
  }

  /** Takes up what an interrupted run has seen. */
  takeUp({ counts, failed, failures }: DaemonTally): void {
    for (const [rule, n] of Object.entries(counts)) this.counts.set(rule as RuleId, n);
    for (const [rule, n] of Object.entries(failed)) this.failed.set(rule as RuleId, n);
    for (const { position, ...failure } of failures) {
      this.failures.push(failure);
      this.positions.push(position);
    }
  }
}
