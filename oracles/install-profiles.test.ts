/** famfs_file_init_dax and famfs_meta_free of each revision, as facts/revisions.md has them in section 6. */
import { describe, expect, it } from "vitest";
import { ERRNO, errnoIn, holdsIn, PROFILES, type Profile, profileNamed, rule } from "../spec/index.ts";
import { FRESH_INODE, freeMap, type Installed, installFmap, type SettledVerdict } from "./install.ts";
import { parseFmap } from "./parser/parse.ts";
import { one, range, SMALLEST } from "./test/messages.ts";

const named = (name: string) => profileNamed(name) as Profile;

const accepted = (profile: Profile) => parseFmap(profile, SMALLEST) as SettledVerdict;
const refused = (profile: Profile) => parseFmap(profile, one(range(1n, 0n))) as SettledVerdict;
const mapOf = (profile: Profile) => {
  const verdict = accepted(profile);
  return verdict.verdict === "accept" ? verdict.map : expect.unreachable("the smallest message is accepted");
};

const told = ({ errno, inode, hazards }: Installed) =>
  [
    errno ?? "ok",
    inode.map === null ? "no map" : inode.iSize === null ? "the rival's map" : "the map",
    ...(inode.locks === 0 ? [] : [`locks ${inode.locks}`]),
    ...(inode.mapInError ? ["in error"] : []),
    ...hazards,
  ].join(", ");

describe.each([
  [
    "rfc-v1",
    "EEXIST",
    "EEXIST",
    "EALREADY, the rival's map, locks 1, hazard/inode-left-locked",
    "ok, the map",
  ],
  [
    "rfc-v2",
    "EEXIST",
    "EEXIST",
    "EALREADY, the rival's map, locks 1, hazard/inode-left-locked",
    "ok, the map",
  ],
  ["v3", "ok", "EEXIST", "EEXIST, the rival's map", "ok, the map"],
  ["v4", "ok", "ok", "ok, the rival's map, hazard/lost-race-leak", "ok, the map"],
  ["v7", "ok", "ok", "ok, the rival's map", "ok, the map"],
  ["v10", "ok", "ok", "ok, the rival's map", "ok, the map"],
  ["simple-only", "ok", "ok", "ok, the rival's map", "ok, the map, in error"],
  ["dual-ext", "ok", "ok", "ok, the rival's map", "ok, the map, in error"],
])("%s", (name, there, race, late, missing) => {
  const profile = named(name);
  const rival = mapOf(profile);

  it("publishes an accepted map", () => {
    expect(installFmap(profile, FRESH_INODE, accepted(profile))).toEqual({
      errno: null,
      inode: { ...FRESH_INODE, map: rival, iSize: rival.fileSize, dax: true },
      hazards: [],
    });
  });

  it(`keeps the map that is there: ${there}`, () => {
    const inode = { ...FRESH_INODE, map: rival };
    expect(installFmap(profile, inode, refused(profile))).toEqual({
      errno: there === "ok" ? null : there,
      inode,
      hazards: [],
    });
  });

  it(`loses a race: ${race}, ${late}`, () => {
    const lost = (when: "at-lock" | "at-set") =>
      told(installFmap(profile, FRESH_INODE, accepted(profile), { when, map: rival }));
    expect(lost("at-set")).toBe(late);
    expect(lost("at-lock")).toMatch(new RegExp(`^${race}, the rival's map`));
    if (profile.install.looksFirst) expect(lost("at-lock")).toBe(`${race}, the rival's map`);
    else expect(lost("at-lock")).toBe(late);
  });

  it("hands on the errno of a refused message", () => {
    const expected = name === "v4" ? "EINVAL, no map, locks -1, hazard/unlock-of-unlocked" : "EINVAL, no map";
    expect(told(installFmap(profile, FRESH_INODE, refused(profile)))).toBe(expected);
  });

  it(`without the daxdev: ${missing}`, () => {
    expect(told(installFmap(profile, FRESH_INODE, accepted(profile), null, true))).toBe(missing);
  });
});

it.each(PROFILES)("$name names no hazard and no errno but its own", (profile) => {
  const rival = mapOf(profile);
  for (const verdict of [accepted(profile), refused(profile)])
    for (const when of ["at-lock", "at-set"] as const)
      for (const h of installFmap(profile, FRESH_INODE, verdict, { when, map: rival }).hazards)
        expect(holdsIn(rule(h), profile)).toBe(true);
  const { errno } = installFmap(profile, { ...FRESH_INODE, map: rival }, accepted(profile));
  expect(errno).toBe(errnoIn(rule("install/already-mapped"), profile));
  if (errno !== null) expect(ERRNO).toHaveProperty(errno);
});

describe("famfs_meta_free", () => {
  it.each(PROFILES)("$name", (profile) => {
    const mapped = { ...FRESH_INODE, map: mapOf(profile) };
    expect(freeMap(profile, FRESH_INODE)).toEqual({ inode: FRESH_INODE, hazards: [] });
    const dangling = { inode: { ...mapped, dangling: true }, hazards: ["hazard/map-left-dangling"] };
    expect(freeMap(profile, mapped)).toEqual(
      ["rfc-v1", "rfc-v2", "v3"].includes(profile.name) ? dangling : null,
    );
  });

  it("may clear the pointer, too", () => {
    const profile = named("rfc-v2");
    const sound = { ...profile, install: { ...profile.install, freeLeavesPointer: false } };
    const mapped = { ...FRESH_INODE, map: mapOf(profile) };
    expect(freeMap(sound, mapped)).toEqual({ inode: FRESH_INODE, hazards: [] });
  });
});
