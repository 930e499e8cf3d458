/** What holds of the parsers of all revisions, and of each against the next. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundaryRecipes, build, messageArbOf, RecipeStream } from "../generators/index.ts";
import {
  errnoIn,
  holdsIn,
  PROFILES,
  type Profile,
  profileDifferences,
  RULES,
  type RuleId,
  rule,
  unsettledIn,
} from "../spec/index.ts";
import { oddities } from "./oddities.ts";
import { parseFmap } from "./parse.ts";
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

/** Paths of a profile that the parser's verdict rests on, each with the rules that it may decide. */
const EXPLAINS: Readonly<Record<string, RegExp>> = {
  "limits/maxExtents": /header\/nextents-limit/,
  "limits/maxStrips": /nstrips-limit/,
  "limits/devindexes": /devindex/,
  "limits/alignment": /alignment|chunk-size/,
  "parser/fileSizeLimit": /file-size-limit/,
  "parser/sums": /overflow|total\/|remainder|cover/,
  "parser/interleaved": /interleaved|strip\/|ext-type/,
  "parser/interleaved/order": /interleaved/,
  "parser/interleaved/chunkSizes": /chunk-size/,
  "errnos/nextentsZero": /nextents-zero/,
  "errnos/nextentsLimit": /nextents-limit/,
};

/** Differences that no verdict shows: an unreachable check, hazards only, and a bitmap of index 0. */
const SILENT = ["parser/recheck", "parser/interleaved/frees", "parser/bitmap", "limits/fmapMax"];

const PAIRS = PROFILES.slice(1).map(
  (next, i) => [(PROFILES[i] as Profile).name, next.name, PROFILES[i] as Profile, next] as const,
);

/** What a profile says of a message without its reasons: verdict, errno, map. */
function said(profile: Profile, bytes: Uint8Array) {
  const v = parseFmap(profile, bytes);
  return {
    rule: v.verdict === "accept" ? null : v.rule,
    text:
      v.verdict === "accept"
        ? JSON.stringify(v.map, (_, x) => (typeof x === "bigint" ? `${x}` : x))
        : v.verdict === "reject"
          ? v.errno
          : "unspecified",
  };
}

describe.each(PAIRS)("%s and %s", (_first, _second, before, after) => {
  const paths = profileDifferences(before, after)
    .map((d) => d.path)
    .filter((p) => /^(limits|parser|errnos\/nextents)/.test(p));
  const telling = paths.filter((p) => !SILENT.includes(p));
  const stream = new RecipeStream(20_260_331);
  const messages = [
    ...[...boundaryRecipes(true)].map((r) => build(r, after).bytes),
    ...Array.from({ length: 5000 }, () => build(stream.next(), after).bytes),
    ...[message(units(3)), message([striped(units(17))]), message([striped([range(0n, 4096n)])])],
  ];

  it("declare no difference of the parser that is not known to be one", () => {
    for (const path of telling) expect(Object.keys(EXPLAINS)).toContain(path);
  });

  it("say other things of a message only where a declared difference explains it", () => {
    for (const bytes of messages) {
      const [a, b] = [said(before, bytes), said(after, bytes)];
      if (a.text === b.text) continue;
      const explained = telling.some((p) =>
        [a.rule, b.rule].some((id) => id !== null && EXPLAINS[p]?.test(id)),
      );
      expect(explained, `${a.rule} ${b.rule} of ${Buffer.from(bytes).toString("hex")}`).toBe(true);
    }
  });

  it("differ by nothing but what the parser's fields say", () => {
    const { limits, parser, errnos } = after;
    const grafted: Profile = { ...before, limits, parser, errnos, open: after.open };
    for (const bytes of messages.slice(0, 2000)) expect(said(grafted, bytes)).toEqual(said(after, bytes));
  });

  it("show each declared difference by a message", () => {
    const unseen = new Set(telling);
    for (const bytes of messages) {
      const [a, b] = [said(before, bytes), said(after, bytes)];
      if (a.text === b.text && a.rule === b.rule) continue;
      for (const p of unseen)
        if ([a.rule, b.rule].some((id) => id !== null && EXPLAINS[p]?.test(id))) unseen.delete(p);
    }
    expect([...unseen]).toEqual([]);
  });
});
