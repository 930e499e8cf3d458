import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, type Fmap } from "../spec/index.ts";
import {
  FRESH_INODE,
  freeMap,
  type InodeState,
  installFmap,
  type SettledVerdict,
  setMap,
} from "./install.ts";
import { parseFmap } from "./parser/parse.ts";
import { MIB2, one, range, SMALLEST, UNIT } from "./test/messages.ts";

const settled = (message: Uint8Array) => parseFmap(DEFAULT_PROFILE, message) as SettledVerdict;
const accepted = settled(SMALLEST);
const refused = settled(one(range(1n, 0n)));
const tooMany = settled(one(UNIT, { nextents: 33 }));
const mapOf = (message: Uint8Array): Fmap => {
  const verdict = parseFmap(DEFAULT_PROFILE, message);
  if (verdict.verdict !== "accept") throw new Error("the test needs a message that is accepted");
  return verdict.map;
};
const map = mapOf(SMALLEST);
const rivalMap = mapOf(one(UNIT));
const mapped: InodeState = { ...FRESH_INODE, map: rivalMap, iSize: 0n, dax: true };

describe("famfs_file_init_dax", () => {
  it("publishes an accepted map: the size of the file is the map's, and it takes the dax path", () => {
    expect(installFmap(DEFAULT_PROFILE, FRESH_INODE, accepted)).toEqual({
      errno: null,
      inode: { map, iSize: MIB2, dax: true, locks: 0, dangling: false, mapInError: false },
      hazards: [],
    });
  });

  it.each([
    ["EINVAL", refused],
    ["E2BIG", tooMany],
  ])("hands on %s of a refused message and leaves the inode as it was", (errno, verdict) => {
    expect(installFmap(DEFAULT_PROFILE, FRESH_INODE, verdict)).toEqual({
      errno,
      inode: FRESH_INODE,
      hazards: [],
    });
  });

  it("keeps the map that is there, whatever the message", () => {
    for (const verdict of [accepted, refused, tooMany])
      expect(installFmap(DEFAULT_PROFILE, mapped, verdict)).toEqual({
        errno: "EEXIST",
        inode: mapped,
        hazards: [],
      });
  });

  it("loses a race for the lock: the rival's map stays, size and flag are the rival's affair", () => {
    const { errno, inode, hazards } = installFmap(DEFAULT_PROFILE, FRESH_INODE, accepted, {
      when: "at-lock",
      map: rivalMap,
    });
    expect({ errno, hazards }).toEqual({ errno: "EEXIST", hazards: [] });
    expect(inode).toMatchObject({ map: rivalMap, locks: 0 });
  });

  it("leaves the inode locked when the map cannot be set under the lock", () => {
    const { errno, inode, hazards } = installFmap(DEFAULT_PROFILE, FRESH_INODE, accepted, {
      when: "at-set",
      map: rivalMap,
    });
    expect({ errno, hazards }).toEqual({ errno: "EALREADY", hazards: ["hazard/inode-left-locked"] });
    expect(inode).toMatchObject({ map: rivalMap, locks: 1 });
  });

  it("never gets to the lock with a refused message", () => {
    for (const when of ["at-lock", "at-set"] as const)
      expect(installFmap(DEFAULT_PROFILE, FRESH_INODE, refused, { when, map: rivalMap })).toMatchObject({
        errno: "EINVAL",
      });
  });
});

describe("famfs_meta_set", () => {
  it("puts a map where none is and returns that there was none", () => {
    expect(setMap(FRESH_INODE, map)).toEqual({ previous: null, inode: { ...FRESH_INODE, map } });
  });

  it("changes nothing where one is, and returns it", () => {
    expect(setMap(mapped, map)).toEqual({ previous: rivalMap, inode: mapped });
  });
});

describe("famfs_meta_free", () => {
  it("does nothing to an inode without a map", () => {
    expect(freeMap(DEFAULT_PROFILE, FRESH_INODE)).toEqual({ inode: FRESH_INODE, hazards: [] });
  });

  it("frees the map and leaves the pointer to it", () => {
    expect(freeMap(DEFAULT_PROFILE, mapped)).toEqual({
      inode: { ...mapped, dangling: true },
      hazards: ["hazard/map-left-dangling"],
    });
  });
});
