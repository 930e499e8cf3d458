import { expect, it } from "vitest";
import type { RuleId } from "../../spec/index.ts";
import type { DaemonFailure } from "../../suites/daemon/ledger.ts";
import type { RuleOutcome } from "../../suites/index.ts";
import { causesOf } from "./causes.ts";

const outcome = (rule: RuleId, failed: number, of: RuleOutcome["outcome"] = "failed"): RuleOutcome => ({
  rule,
  outcome: of,
  messages: 20,
  failed,
});
const failure = (rule: RuleId, path: string, reply?: string): DaemonFailure => ({
  rule,
  path,
  detail: "it is wrong",
  ...(reply === undefined ? {} : { reply }),
});

it("each failing requirement is told once, with how often it failed beside its examples", () => {
  const rules = [
    outcome("daemon/init/version", 0, "passed"),
    outcome("daemon/tree/open", 20),
    outcome("daemon/fmap/version", 1, "warning"),
    outcome("daemon/fmap/accepted", 4, "expected-failure"),
  ];
  const failures = [
    failure("daemon/tree/open", "/a"),
    failure("daemon/tree/open", "/a"),
    failure("daemon/tree/open", "/b"),
  ];
  expect(causesOf(rules, failures)).toEqual([
    {
      rule: "daemon/tree/open",
      outcome: "failed",
      failures: [failures[1], failures[2]],
      more: 18,
      alsoBreaks: [],
    },
    { rule: "daemon/fmap/version", outcome: "warning", failures: [], more: 1, alsoBreaks: [] },
    { rule: "daemon/fmap/accepted", outcome: "expected-failure", failures: [], more: 4, alsoBreaks: [] },
  ]);
});

it("what sums up a reply that breaks another requirement stands below that one", () => {
  const rules = [outcome("daemon/fmap/covers-file", 1), outcome("daemon/fmap/file-size", 1)];
  const same = [failure("daemon/fmap/covers-file", "/a", "00"), failure("daemon/fmap/file-size", "/a", "00")];
  const [cause, ...others] = causesOf(rules, same);
  expect(others).toEqual([]);
  expect(cause).toMatchObject({
    rule: "daemon/fmap/file-size",
    alsoBreaks: [{ rule: "daemon/fmap/covers-file" }],
  });
  // Of another file it is another cause.
  const apart = [
    failure("daemon/fmap/covers-file", "/b", "00"),
    failure("daemon/fmap/file-size", "/a", "00"),
  ];
  expect(causesOf(rules, apart).map((c) => c.rule)).toEqual([
    "daemon/fmap/covers-file",
    "daemon/fmap/file-size",
  ]);
});

it("two fields of one reply are two causes", () => {
  const rules = [outcome("daemon/fmap/file-size", 1), outcome("daemon/fmap/version", 1, "warning")];
  const failures = [failure("daemon/fmap/file-size", "/a", "00"), failure("daemon/fmap/version", "/a", "00")];
  expect(causesOf(rules, failures)).toHaveLength(2);
});
