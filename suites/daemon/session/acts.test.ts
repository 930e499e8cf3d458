import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionArb } from "../../../generators/index.ts";
import { type Act, Holding, possible } from "./acts.ts";

const PATHS = ["/a", "/b", "/c/d"];
const act = (kind: Exclude<Act["kind"], "together" | "end">, path = "/a"): Act => ({ kind, path });
const end: Act = { kind: "end" };

describe("what a kernel can do in a session", () => {
  it.each<[string, boolean, Act[]]>([
    ["nothing", true, []],
    [
      "what was looked up",
      true,
      [act("lookup"), act("getattr"), act("open"), act("getFmap"), act("release")],
    ],
    ["GETATTR of what was not looked up", false, [act("getattr")]],
    ["GETATTR of another file", false, [act("lookup"), act("getattr", "/b")]],
    ["RELEASE without OPEN", false, [act("lookup"), act("release")]],
    ["RELEASE twice", false, [act("lookup"), act("open"), act("release"), act("release")]],
    ["FORGET of an open file", false, [act("lookup"), act("open"), act("forget")]],
    ["FORGET of a closed one", true, [act("lookup"), act("open"), act("release"), act("forget")]],
    ["one FORGET of two lookups", true, [act("lookup"), act("lookup"), act("forget"), act("getattr")]],
    ["all of two lookups", false, [act("lookup"), act("lookup"), act("forgetAll"), act("getattr")]],
    ["together", true, [act("lookup"), act("lookup", "/b"), { kind: "together", paths: ["/a", "/b", "/a"] }]],
    ["together with a stranger", false, [act("lookup"), { kind: "together", paths: ["/a", "/b"] }]],
    ["anything after the end", false, [act("lookup"), act("open"), end, act("getattr")]],
    ["a new beginning after the end", true, [act("lookup"), act("open"), end, act("lookup"), act("forget")]],
  ])("%s: %s", (_, expected, acts) => {
    expect(possible(acts)).toBe(expected);
  });

  it("is all that random steps come to", () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(sessionArb, (steps) => {
        const holding = new Holding();
        const acts = steps.flatMap((step) => {
          const chosen = holding.choose(step, PATHS);
          if (chosen !== null) holding.note(chosen);
          return chosen ?? [];
        });
        for (const { kind } of acts) kinds.add(kind);
        expect(possible(acts)).toBe(true);
      }),
    );
    expect([...kinds].sort()).toEqual(
      ["forget", "forgetAll", "getFmap", "getattr", "lookup", "open", "release", "together"].sort(),
    );
  });

  it("counts lookups", () => {
    const holding = new Holding();
    expect([act("lookup"), act("lookup"), act("forget")].map((a) => holding.note(a))).toEqual([1, 2, 1]);
    expect([holding.lookups("/a"), holding.lookups("/b")]).toEqual([1, 0]);
  });
});
