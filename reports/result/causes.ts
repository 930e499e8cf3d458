/** Failed tests sorted by cause: one block for a reader, however many requirements and files one fault breaks. */
import type { Failure, TestResult } from "./result.ts";

/** One test that failed, each failure once. */
export interface FailedTest {
  readonly test: TestResult;
  /** Examples; none where the run kept none. */
  readonly failures: readonly Failure[];
  /** Checks that failed beyond the examples. */
  readonly more: number;
}

/** Tests that one thing breaks: the first of them, and those that it breaks as well. */
export interface Cause extends FailedTest {
  readonly alsoBreaks: readonly FailedTest[];
}

/** Requirements that say the same thing about a map as others say about its single fields. */
const SUMMARIES: readonly string[] = ["daemon/fmap/covers-file", "daemon/fmap/inside-device"];

/** The causes of failures of these tests, in the order of the tests. */
export function causesOf(tests: readonly TestResult[]): readonly Cause[] {
  const failed = tests.map((test): FailedTest => {
    const failures = eachOnce(test.failures);
    return { test, failures, more: Math.max(0, test.failed - failures.length) };
  });
  const consequences = new Map<FailedTest, FailedTest[]>();
  const causes = failed.filter((f) => {
    const cause = failed.find((other) => other !== f && isCauseOf(other, f));
    if (cause !== undefined) consequences.set(cause, [...(consequences.get(cause) ?? []), f]);
    return cause === undefined;
  });
  return causes.map((c) => ({ ...c, alsoBreaks: consequences.get(c) ?? [] }));
}

/** A daemon is started several times, and fails in the same way each time. */
const eachOnce = (failures: readonly Failure[]): Failure[] => [
  ...new Map(failures.map((f) => [JSON.stringify([f.kind, f.path, f.message, f.actual]), f])).values(),
];

/**
 * Whether what breaks `cause` breaks `other`, too: each failure of `other` is in a reply that broke `cause`. Two
 * requirements about different fields of one reply are two faults, so `other` has to be one that sums fields up.
 */
function isCauseOf(cause: FailedTest, other: FailedTest): boolean {
  if (!SUMMARIES.includes(other.test.id) || SUMMARIES.includes(cause.test.id)) return false;
  const replies = new Set(cause.failures.map(replyOf));
  return (
    other.failures.length > 0 &&
    other.failures.every((f) => (f.message ?? f.reply) !== null && replies.has(replyOf(f)))
  );
}

const replyOf = ({ path, message, reply }: Failure) => JSON.stringify([path, message ?? reply]);
