import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, type Fmap } from "../spec/index.ts";
import { FRESH_INODE, freeMap, type InodeState, installFmap, setMap } from "./install.ts";
import { parseFmap } from "./parse.ts";
import { MIB2, one, range, SMALLEST, UNIT } from "./test/messages.ts";

const accepted = parseFmap(DEFAULT_PROFILE, SMALLEST);
const refused = parseFmap(DEFAULT_PROFILE, one(range(1n, 0n)));
const tooMany = parseFmap(DEFAULT_PROFILE, one(UNIT, { nextents: 33 }));
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
    expect(installFmap(FRESH_INODE, accepted)).toEqual({
      errno: null,
      inode: { map, iSize: MIB2, dax: true, locked: false, dangling: false },
      hazards: [],
    });
  });

  it.each([
    ["EINVAL", refused],
    ["E2BIG", tooMany],
  ])("hands on %s of a refused message and leaves the inode as it was", (errno, verdict) => {
    expect(installFmap(FRESH_INODE, verdict)).toEqual({ errno, inode: FRESH_INODE, hazards: [] });
  });

  it("keeps the map that is there, whatever the message", () => {
    for (const verdict of [accepted, refused, tooMany])
      expect(installFmap(mapped, verdict)).toEqual({ errno: "EEXIST", inode: mapped, hazards: [] });
  });

  it("loses a race for the lock: the rival's map stays, size and flag are the rival's affair", () => {
    const { errno, inode, hazards } = installFmap(FRESH_INODE, accepted, { when: "at-lock", map: rivalMap });
    expect({ errno, hazards }).toEqual({ errno: "EEXIST", hazards: [] });
    expect(inode).toMatchObject({ map: rivalMap, locked: false });
  });

  it("leaves the inode locked when the map cannot be set under the lock", () => {
    const { errno, inode, hazards } = installFmap(FRESH_INODE, accepted, { when: "at-set", map: rivalMap });
    expect({ errno, hazards }).toEqual({ errno: "EALREADY", hazards: ["hazard/inode-left-locked"] });
    expect(inode).toMatchObject({ map: rivalMap, locked: true });
  });

  it("never gets to the lock with a refused message", () => {
    for (const when of ["at-lock", "at-set"] as const)
      expect(installFmap(FRESH_INODE, refused, { when, map: rivalMap })).toMatchObject({ errno: "EINVAL" });
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
    expect(freeMap(FRESH_INODE)).toEqual({ inode: FRESH_INODE, hazards: [] });
  });

  it("frees the map and leaves the pointer to it", () => {
    expect(freeMap(mapped)).toEqual({
      inode: { ...mapped, dangling: true },
      hazards: ["hazard/map-left-dangling"],
    });
  });
});
