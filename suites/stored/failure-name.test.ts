/** A stored failure's name says which it is, and nothing of the run that found it. */
import { describe, expect, it } from "vitest";
import { sampleCounterexample } from "../../test/sample-report.ts";
import type { RequirementFailure, StoredSession } from "../daemon/outcome.ts";
import { failureName } from "./failure-name.ts";

const session: StoredSession = {
  format: "fmapspec-session",
  version: 1,
  profile: "rfc-v2",
  seed: 1,
  rule: "daemon/fmap/stable-again",
  detail: "another map",
  repeats: { tries: 3, failed: 3 },
  subject: { command: ["./daemon"], channel: "auto", via: "direct" },
  files: [{ path: "/a", size: "1", fmap: "00" }],
  steps: [{ kind: "lookup", path: "/a" }],
  transcript: [],
  versions: { fmapspec: "0", fastCheck: "4", node: "20" },
};
const requirement: RequirementFailure = {
  format: "fmapspec-requirement-failure",
  version: 1,
  profile: "rfc-v2",
  seed: 1,
  rule: "daemon/reply/answered",
  detail: "no answer to GETATTR of nodeid 7",
  decoded: {},
  subject: session.subject,
  options: { level: "quick", timeout: 5000 },
  versions: session.versions,
};
const name = (overrides: Parameters<typeof sampleCounterexample>[0]) =>
  failureName(sampleCounterexample(overrides));

describe("the name of a failure", () => {
  it("has the rule, the kind and a digest", () => {
    expect(name({})).toMatch(/^fmap-header-nextents-limit-verdict-[0-9a-f]{8}\.json$/);
    expect(failureName(session)).toMatch(/^daemon-fmap-stable-again-session-[0-9a-f]{8}\.json$/);
  });

  it.each([
    { seed: 8 },
    { actual: "EINVAL" },
    { expectedText: "something" },
    { recipe: [1, 2] },
    { subject: { kind: "embedded" } },
  ] as const)("is the same in another run: %j", (overrides) => {
    expect(name(overrides)).toBe(name({}));
  });

  it.each([
    { profile: "v10" },
    { rule: "fmap/header/underflow" },
    { kind: "map" },
    { message: "00" },
    { failAllocation: 1 },
    { scene: "evict" },
    { resolve: [["0", "1"]] },
    { answers: ["EIO"] },
    { daxdev: "EIO" },
    { opens: 2 },
  ] as const)("is another for another failure: %j", (overrides) => {
    expect(name(overrides)).not.toBe(name({}));
  });

  it("of two findings on one message differs by what was seen", () => {
    expect(name({ kind: "finding", actual: "a leak" })).not.toBe(
      name({ kind: "finding", actual: "a shift" }),
    );
  });

  it("of a session depends on what is played, and on which files", () => {
    expect(failureName({ ...session, seed: 2, detail: "EIO", transcript: [] })).toBe(failureName(session));
    expect(failureName({ ...session, steps: [] })).not.toBe(failureName(session));
    expect(failureName({ ...session, files: [] })).not.toBe(failureName(session));
  });

  it("of a requirement depends on the file and on what was wrong, whatever the nodeids of the day", () => {
    const named = (overrides: Partial<RequirementFailure>) => failureName({ ...requirement, ...overrides });
    expect(named({})).toMatch(/^daemon-reply-answered-requirement-[0-9a-f]{8}\.json$/);
    expect(named({ detail: "no answer to GETATTR of nodeid 8", seed: 2, request: "00" })).toBe(named({}));
    expect(named({ detail: "no answer to OPEN of nodeid 7" })).not.toBe(named({}));
    expect(named({ path: "/a" })).not.toBe(named({}));
  });
});
