/** What holds of the parser of each revision against the next one's. */
import { beforeAll, describe, expect, it } from "vitest";
import { boundaryRecipes, build, RecipeStream, SMALL_WORLDS } from "../generators/index.ts";
import { PROFILES, type Profile, profileDifferences } from "../spec/index.ts";
import { parseFmap } from "./parser/parse.ts";
import { message, range, striped, units } from "./test/messages.ts";

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
  const made = () => [
    ...[...boundaryRecipes(true)].map((r) => build(r, after).bytes),
    ...Array.from({ length: 5000 }, () => build(stream.next(), after).bytes),
    ...SMALL_WORLDS.flatMap((world) => [...world.messages(after)]),
    ...[message(units(3)), message([striped(units(17))]), message([striped([range(0n, 4096n)])])],
  ];
  let messages: Uint8Array[] = [];
  beforeAll(() => {
    messages = made();
  });

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
