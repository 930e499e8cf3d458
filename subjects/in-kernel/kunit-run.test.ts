import { expect, it } from "vitest";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { type KernelCase, kernelCases } from "./cases.ts";
import { kunitOutcomes, kunitStream, nextVector } from "./kunit-run.ts";
import { kunitSuite } from "./vectors-c.ts";

const suite = kunitSuite(DEFAULT_PROFILE);
const { requirements, hazards } = kernelCases(DEFAULT_PROFILE);
const [first, second] = requirements as [KernelCase, KernelCase];

/** What KUnit prints of one group, as debugfs gives it or, with `stamp`, the console. */
const printed = (lines: readonly string[], stamp = "") =>
  [
    "KTAP version 1",
    "1..1",
    "    KTAP version 1",
    `    # Subtest: ${suite}`,
    "    # module: fmapspec_kunit",
    "    1..7",
    "        KTAP version 1",
    `        # Subtest: ${first.group}`,
    ...lines,
    `    # ${first.group}: pass:1 fail:1 skip:0 total:2`,
    `    not ok 1 ${first.group}`,
    `not ok 1 ${suite}`,
    "",
  ]
    .map((line) => (line === "" ? "" : `${stamp}${line}`))
    .join("\n");

const results = [
  `        ok 1 ${first.name}`,
  `    # ${first.group}: EXPECTATION FAILED at kunit.c:50`,
  "    Expected rc == v->rc, but",
  `${second.rule}: the errno differs`,
  `        not ok 2 ${second.name}`,
];

it.each(["", "[    0.560000] "])("reads what passed, what failed and why (stamp '%s')", (stamp) => {
  const found = kunitOutcomes(DEFAULT_PROFILE, printed(results, stamp));
  expect(found).toHaveLength(requirements.length + hazards.length);
  expect(found[0]).toMatchObject({
    id: `${suite}.${first.group}.${first.name}`,
    outcome: "passed",
    detail: "",
  });
  expect(found[1]).toMatchObject({ rule: second.rule, outcome: "failed", isHazard: false });
  expect(found[1]?.detail).toContain(`${second.rule}: the errno differs`);
  expect(found.slice(2).every((c) => c.outcome === "not-run")).toBe(true);
});

it("counts a skipped vector as not run", () => {
  const [found] = kunitOutcomes(DEFAULT_PROFILE, printed([`        ok 1 ${first.name} # SKIP 64 KiB pages`]));
  expect(found?.outcome).toBe("not-run");
});

it("knows the vector that a kernel went down over", () => {
  const next = nextVector(DEFAULT_PROFILE, printed(results.slice(0, 1)));
  expect(next).toEqual(new Uint8Array(second.message));
  const all = [
    ...requirements.map((c) => [suite, c] as const),
    ...hazards.map((c) => [`${suite}_hazards`, c] as const),
  ];
  const told = all.flatMap(([name, c]) => [
    `    # Subtest: ${name}`,
    `        # Subtest: ${c.group}`,
    `        ok 1 ${c.name}`,
  ]);
  expect(nextVector(DEFAULT_PROFILE, told.join("\n"))).toBeNull();
});

it("gives kunit.py a stream of its own, without what was printed at boot", () => {
  const boot = [
    "[    0.110000] KTAP version 1",
    "[    0.110000] 1..0",
    "[    0.200000] random: crng init done",
    "",
  ];
  const log = boot.join("\n") + printed(results, "[    1.460000] ").split("\n").slice(2).join("\n");
  expect(kunitStream(log)).toBe(printed(results));
  expect(kunitStream("nothing of KUnit")).toBe("KTAP version 1\n1..0");
});
