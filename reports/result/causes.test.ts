import { expect, it } from "vitest";
import type { RuleId } from "../../spec/index.ts";
import { causesOf } from "./causes.ts";
import { type Failure, factsOf, failureOf, type TestResult } from "./result.ts";

const failed = (id: RuleId, n: number, failures: readonly Failure[] = []): TestResult => ({
  ...factsOf(id, "rfc-v2"),
  outcome: "failed",
  reason: null,
  checks: 20,
  failed: n,
  failures,
});
const failure = (rule: RuleId, path: string, message: string | null = null): Failure =>
  failureOf({ rule, path, message, kind: "requirement", expected: "", actual: "it is wrong", reproduce: "" });

it("each failing requirement is there once, with how often it failed beside its examples", () => {
  const [a, again, b] = ["/a", "/a", "/b"].map((path) => failure("daemon/tree/open", path)) as Failure[];
  const open = failed("daemon/tree/open", 20, [a, again, b] as Failure[]);
  const version = failed("daemon/fmap/version", 1);
  expect(causesOf([open, version])).toEqual([
    { test: open, failures: [again, b], more: 18, alsoBreaks: [] },
    { test: version, failures: [], more: 1, alsoBreaks: [] },
  ]);
});

it("what sums up a reply that breaks another requirement stands below that one", () => {
  const of = (id: RuleId, path: string) => failed(id, 1, [failure(id, path, "00")]);
  const [cause, ...others] = causesOf([
    of("daemon/fmap/covers-file", "/a"),
    of("daemon/fmap/file-size", "/a"),
  ]);
  expect(others).toEqual([]);
  expect(cause).toMatchObject({
    test: { id: "daemon/fmap/file-size" },
    alsoBreaks: [{ test: { id: "daemon/fmap/covers-file" } }],
  });
  // Of another file it is another cause.
  const apart = causesOf([of("daemon/fmap/covers-file", "/b"), of("daemon/fmap/file-size", "/a")]);
  expect(apart.map((c) => c.test.id)).toEqual(["daemon/fmap/covers-file", "daemon/fmap/file-size"]);
});

it("two fields of one reply are two causes", () => {
  const of = (id: RuleId) => failed(id, 1, [failure(id, "/a", "00")]);
  expect(causesOf([of("daemon/fmap/file-size"), of("daemon/fmap/version")])).toHaveLength(2);
});
