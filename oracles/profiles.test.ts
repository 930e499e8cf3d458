/** What holds of the parsers of all revisions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageArbOf } from "../generators/index.ts";
import {
  errnoIn,
  holdsIn,
  PROFILES,
  type Profile,
  profileNamed,
  RULES,
  type RuleId,
  rule,
  unsettledIn,
} from "../spec/index.ts";
import { oddities } from "./parser/oddities.ts";
import { parseFmap } from "./parser/parse.ts";
import type { TraceStep } from "./parser/verdict.ts";
import { message, range, striped, units } from "./test/messages.ts";
import { casesOf } from "./test/profile-cases.ts";

describe.each(PROFILES)("$name", (profile) => {
  const cases = casesOf(profile.name);
  const decided = RULES.filter(
    (r) => /^fmap\//.test(r.id) && holdsIn(r, profile) && unsettledIn(r, profile) === null,
  );

  it("has a case for each rule of its parser, and none for a rule that is not its own", () => {
    expect(Object.keys(cases).sort()).toEqual(decided.map((r) => r.id).sort());
    for (const [id, { refused }] of Object.entries(cases))
      expect(refused === null, id).toBe(rule(id as RuleId).needs === "unreachable");
  });

  it.each(decided.map((r) => [r.id, r] as const))("%s lets a message through and refuses one", (id, r) => {
    const { accepted, refused } = cases[id] as NonNullable<(typeof cases)[typeof id]>;
    const taken = parseFmap(profile, accepted);
    expect(taken).toMatchObject({ verdict: "accept" });
    if (taken.verdict === "accept" && id.startsWith("fmap/ignored/"))
      expect(oddities(profile, accepted, taken.map)).toContain(id);
    if (refused === null) return;
    const { message: bytes, failAllocation = 0, offset, errno, rule: instead } = refused;
    const expected = { verdict: "reject", rule: instead ?? id, offset, errno };
    expect(parseFmap(profile, bytes, { failAllocation })).toMatchObject(expected);
    if (instead === undefined) expect(errnoIn(r, profile)).toBe(errno);
  });

  it("refuses with the errno that its rule has, and by no rule but its own", () => {
    const law = fc.property(messageArbOf(profile), fc.nat(4), ({ bytes }, failAllocation) => {
      const verdict = parseFmap(profile, bytes, { failAllocation });
      if (verdict.verdict === "unspecified") expect(unsettledIn(rule(verdict.rule), profile)).not.toBeNull();
      if (verdict.verdict !== "reject") return;
      expect(holdsIn(rule(verdict.rule), profile)).toBe(true);
      expect(verdict.errno).toBe(errnoIn(rule(verdict.rule), profile));
      for (const h of verdict.hazards) expect(holdsIn(rule(h.rule), profile)).toBe(true);
    });
    fc.assert(law, { numRuns: 1000 });
  });
});

/** What no revision does, and a sound one or the missing number would: dual-ext with a limit, and without its capacity check. */
describe("dual-ext, had it", () => {
  const dual = profileNamed("dual-ext") as Profile;
  const interleaved = dual.parser.interleaved as NonNullable<Profile["parser"]["interleaved"]>;
  const head = { ie_chunk_size: 4096, ie_nbytes: "4096" };

  it("a known limit of strips: every number of them is settled", () => {
    const limited: Profile = { ...dual, open: {}, limits: { ...dual.limits, maxStrips: 16 } };
    const strips = (n: number) => message([striped(units(n), head)], { file_size: "1" });
    expect(parseFmap(limited, strips(16))).toMatchObject({ verdict: "accept" });
    expect(parseFmap(limited, strips(17))).toMatchObject({
      verdict: "reject",
      errno: "EINVAL",
      rule: "fmap/interleaved/nstrips-limit",
      offset: 32,
    });
    expect(parseFmap(dual, strips(17))).toMatchObject({ verdict: "unspecified", offset: 32 });
  });

  it("no check of the strips' lengths: the sum of what is served is checked", () => {
    const loose: Profile = {
      ...dual,
      parser: { ...dual.parser, interleaved: { ...interleaved, stripCapacity: false } },
    };
    const served = ((1n << 63n) - 1n).toString();
    const bytes = message(
      Array.from({ length: 3 }, () => striped([range(0n, 4096n)], { ...head, ie_nbytes: served })),
      { file_size: "1" },
    );
    const steps: TraceStep[] = [];
    const verdict = parseFmap(loose, bytes, { trace: { check: (step) => steps.push(step) } });
    expect(verdict).toMatchObject({ rule: "fmap/interleaved/nbytes-overflow", offset: 136, errno: "EINVAL" });
    expect(steps.at(-1)).toMatchObject({ ok: false, actual: 3n * (1n << 63n) - 3n, bound: (1n << 64n) - 1n });
    expect(parseFmap(dual, bytes)).toMatchObject({ rule: "fmap/interleaved/strip-capacity" });
  });
});

it("the trace of dual-ext is that of its checks, in the order of the C", () => {
  const dual = profileNamed("dual-ext") as Profile;
  const steps: TraceStep[] = [];
  const bytes = message([striped([range(4096n, 8192n)], { ie_chunk_size: 4096, ie_nbytes: "4097" })], {
    file_size: "4097",
  });
  expect(parseFmap(dual, bytes, { trace: { check: (s) => steps.push(s) } })).toMatchObject({
    verdict: "accept",
  });
  expect(steps.map((s) => `${s.offset} ${s.rule} ${s.actual} ${s.relation} ${s.bound}`)).toEqual([
    "0 fmap/header/underflow 80 >= 32",
    "8 fmap/header/nextents-zero 1 >= 1",
    "16 fmap/header/file-size-limit 4097 <= 9223372036854775807",
    "0 fmap/header/alloc-meta 48 <= 4194304",
    "4 fmap/header/ext-type 1 <= 1",
    "8 fmap/interleaved/alloc-extents 32 <= 4194304",
    "32 fmap/interleaved/header-underflow 80 >= 56",
    "36 fmap/interleaved/chunk-size 4096 == 4096",
    "40 fmap/interleaved/nbytes-zero 4097 >= 1",
    "40 fmap/interleaved/nbytes-limit 4097 <= 9223372036854775807",
    "32 fmap/interleaved/nstrips-zero 1 >= 1",
    "32 fmap/interleaved/strips-underflow 80 >= 80",
    "32 fmap/interleaved/alloc-strips 24 <= 4194304",
    "56 fmap/strip/devindex 0 <= 63",
    "64 fmap/strip/offset-alignment 4096 multiple of 4096",
    "72 fmap/strip/length-alignment 8192 multiple of 4096",
    "64 fmap/strip/end-overflow 12288 <= 18446744073709551615",
    "72 fmap/strip/total-overflow 8192 <= 18446744073709551615",
    "72 fmap/interleaved/strip-capacity 8192 >= 4097",
    "40 fmap/interleaved/nbytes-overflow 4097 <= 18446744073709551615",
    "16 fmap/interleaved/nbytes-cover 4097 >= 4097",
    "16 fmap/total/file-size 8192 >= 4097",
  ]);
});
