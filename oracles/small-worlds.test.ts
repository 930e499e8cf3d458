/** The laws of the oracles over small worlds: every combination of boundary classes, or every few of them. */
import { describe, expect, it } from "vitest";
import { SMALL_WORLDS } from "../generators/index.ts";
import { type Fmap, PROFILES, type Profile, rangesOf } from "../spec/index.ts";
import { parseFmap } from "./parser/parse.ts";
import { resolve } from "./resolve.ts";
import { strict } from "./strict/strict.ts";
import { disagreement } from "./test/laws.ts";

/** Messages of each world; with the eight profiles it is judged 8 times as many. */
const SIZES = [6, 600, 2401, 144, 14_400, 1331, 1331, 4913];

/** File offsets at which a small map of few chunks turns from one range to another. */
function turns(map: Fmap): bigint[] {
  const found = [0n, map.fileSize - 1n];
  let start = 0n;
  for (const e of map.extents) {
    const end = start + ("strips" in e ? e.nbytes : e.length);
    found.push(start, end - 1n);
    if ("strips" in e)
      for (const k of [1n, 2n, 3n]) found.push(start + k * e.chunkSize - 1n, start + k * e.chunkSize);
    start = end;
  }
  return found.filter((o) => o >= 0n && o < map.fileSize);
}

/** How many messages of a profile were safe and taken. */
const safe = new Map<string, number>();

/** Law: what is safe and taken resolves at every turn into a range of the map. */
function astray(profile: Profile, message: Uint8Array): string | null {
  const v = parseFmap(profile, message);
  if (v.verdict !== "accept" || strict(profile, message).length > 0) return null;
  safe.set(profile.name, (safe.get(profile.name) ?? 0) + 1);
  for (const offset of turns(v.map)) {
    const r = resolve(profile, v.map, offset, 1n);
    if (r.kind === "unspecified") continue;
    const inside =
      r.kind === "mapped" &&
      rangesOf(v.map).some(
        (d) => d.devindex === r.devindex && d.offset <= r.offset && r.offset < d.offset + d.length,
      );
    if (!inside) return `${profile.name}, byte ${offset} of ${Buffer.from(message).toString("hex")}`;
  }
  return null;
}

describe.each(SMALL_WORLDS.map((w, i) => [w.name, w, SIZES[i]] as const))("%s", (_, world, size) => {
  it.each(PROFILES)(
    "in $name is judged as the second model judges it, and resolves where it is safe",
    (profile) => {
      let n = 0;
      for (const message of world.messages(profile)) {
        n++;
        // `expect` for each of them would take longer than all the rest.
        const wrong = disagreement(message, 0, profile) ?? astray(profile, message);
        if (wrong !== null) expect.fail(wrong);
      }
      expect(n).toBe(size);
    },
  );
});

it("some of them are safe and taken, in every profile", () => {
  for (const { name } of PROFILES) expect(safe.get(name), name).toBeGreaterThan(5);
});
