import { ERRNO, type Profile, type RuleId } from "../../spec/index.ts";
import type { Relation, Trace } from "./verdict.ts";

const joined = (hi: number, lo: number) => (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);

/** The upper half of 2^63-1. */
const S64_MAX_HI = 0x7fffffff;

/** 2^64-1: the bound of a sum that must not overflow. */
const U64_MAX = (1n << 64n) - 1n;

/**
 * The common part of all checks: a check is reported to the trace; if it fails, it decides or is counted.
 *
 * The parser calls these methods only if a check fails or a trace listens (`tracing`). Most checks of most messages hold,
 * and then cost a comparison and no call.
 */
export abstract class Checks {
  /** The result: 0 or a negative errno. */
  rc = 0;
  /** The check that decided; meaningless when rc is 0. */
  rule: RuleId = "fmap/map/simple";
  /** Byte of the message that the deciding check read. */
  at = 0;
  /**
   * The check with an unknown bound on which the verdict depends; null: the verdict is certain. rc and the other fields
   * assume that the check passes; if it fails, the parser refuses the message with EINVAL.
   */
  open: RuleId | null = null;
  /** Byte of the message that the open check reads. */
  openAt = 0;
  /** Successful allocations, and their bytes. */
  allocations = 0;
  allocatedBytes = 0;

  readonly profile: Profile;
  protected trace: Trace | null = null;
  /** A trace listens: checks that hold are reported too. */
  protected tracing = false;
  private failAllocation = 0;
  private attempts = 0;
  private firstCounted: RuleId | null = null;
  private countedAt = 0;
  private readonly maxAllocation: number;

  constructor(profile: Profile) {
    this.profile = profile;
    this.maxAllocation = profile.limits.maxAllocation;
  }

  protected beginChecks(failAllocation: number, trace: Trace | null): void {
    this.allocations = this.allocatedBytes = this.attempts = 0;
    this.firstCounted = this.open = null;
    this.failAllocation = failAllocation;
    this.trace = trace;
    this.tracing = trace !== null;
  }

  /** Records a failed check as the one that decided. */
  private decides(rule: RuleId, at: number, ok: boolean): boolean {
    if (!ok) {
      this.rule = rule;
      this.at = at;
    }
    return ok;
  }

  /** A check that ends parsing if it fails. */
  protected holds(
    rule: RuleId,
    at: number,
    ok: boolean,
    actual: number,
    relation: Relation,
    bound: number,
  ): boolean {
    this.trace?.check({ rule, offset: at, ok, counted: false, actual, relation, bound });
    return this.decides(rule, at, ok);
  }

  /** The same for two 64-bit numbers, each as its upper and lower half. */
  protected holds64(
    rule: RuleId,
    at: number,
    ok: boolean,
    hi: number,
    lo: number,
    relation: Relation,
    boundHi: number,
    boundLo: number,
  ): boolean {
    if (this.trace !== null)
      this.trace.check({
        rule,
        offset: at,
        ok,
        counted: false,
        actual: joined(hi, lo),
        relation,
        bound: joined(boundHi, boundLo),
      });
    return this.decides(rule, at, ok);
  }

  /** A u64 that must not exceed 2^63-1, the largest file offset. */
  protected fitsS64(rule: RuleId, at: number, hi: number, lo: number): boolean {
    return this.holds64(rule, at, hi <= S64_MAX_HI, hi, lo, "<=", S64_MAX_HI, 0xffffffff);
  }

  /** A signed difference that must not be positive. */
  protected notPositive(rule: RuleId, at: number, hi: number, lo: number): boolean {
    const ok = hi < 0 || (hi === 0 && lo === 0);
    if (this.trace !== null) {
      const actual = BigInt.asIntN(64, joined(hi, lo));
      this.trace.check({ rule, offset: at, ok, counted: false, actual, relation: "<=", bound: 0n });
    }
    return this.decides(rule, at, ok);
  }

  /** A sum, (hi, lo) modulo 2^64, that must not have carried beyond 64 bits. */
  protected sumFits(rule: RuleId, at: number, carry: boolean, hi: number, lo: number): boolean {
    if (this.trace !== null) {
      const actual = joined(hi, lo) + (carry ? U64_MAX + 1n : 0n);
      this.trace.check({
        rule,
        offset: at,
        ok: !carry,
        counted: false,
        actual,
        relation: "<=",
        bound: U64_MAX,
      });
    }
    return this.decides(rule, at, !carry);
  }

  /** A check whose failure is counted: the parser refuses the message only after all other checks. */
  protected counts(
    rule: RuleId,
    at: number,
    ok: boolean,
    actual: number,
    relation: Relation,
    bound: number,
  ): void {
    this.trace?.check({ rule, offset: at, ok, counted: true, actual, relation, bound });
    if (!ok && this.firstCounted === null) {
      this.firstCounted = rule;
      this.countedAt = at;
    }
  }

  /** EINVAL if a failure was counted, or 0. */
  protected counted(): number {
    if (this.firstCounted === null) return 0;
    this.rule = this.firstCounted;
    this.at = this.countedAt;
    return -ERRNO.EINVAL;
  }

  protected allocates(rule: RuleId, at: number, bytes: number): boolean {
    if (bytes === 0) return true; // kcalloc(0) returns ZERO_SIZE_PTR without an allocation
    const ok = bytes <= this.maxAllocation && ++this.attempts !== this.failAllocation;
    if (ok) {
      this.allocations++;
      this.allocatedBytes += bytes;
    }
    return (ok && !this.tracing) || this.holds(rule, at, ok, bytes, "<=", this.maxAllocation);
  }
}
