import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, INIT_BITS, initOut } from "../../../spec/index.ts";
import { fmapInFlags, lostFlags2 } from "./fmap-placement.ts";

const INIT_EXT = 1n << BigInt(INIT_BITS.INIT_EXT);
const FMAP = 1n << BigInt(DEFAULT_PROFILE.initBit);
const TWIN = FMAP >> 32n;
const placed = (flags: bigint, fields = {}) => ({ flags, flags2: 0, size: initOut.size, ...fields });

describe("what the daemon puts into flags2", () => {
  const lost = (flags: bigint, fields = {}) => lostFlags2(placed(flags, fields), DEFAULT_PROFILE);

  it("arrives, or is declined", () => {
    expect(lost(INIT_EXT | FMAP, { flags2: Number(TWIN) })).toBeNull();
    expect(lost(INIT_EXT)).toBeNull();
    expect(lost(0n)).toBeNull();
    // Old daemons: no flags2, and none announced.
    expect(lost(0n, { size: 24 })).toBeNull();
    expect(lost(0n, { size: 8 })).toBeNull();
  });

  it("does not arrive with a short answer", () => {
    expect(lost(INIT_EXT, { size: 24 })).toMatch(/FUSE_INIT_EXT and has 24 bytes; flags2, bytes 32 to 35,/);
    expect(lost(INIT_EXT, { size: 35 })).toMatch(/35 bytes/);
    expect(lost(INIT_EXT, { size: 36 })).toBeNull();
  });

  it("is not read without FUSE_INIT_EXT", () => {
    expect(lost(0n, { flags2: Number(TWIN) })).toMatch(/not FUSE_INIT_EXT in flags/);
    expect(lost(0n, { flags2: 1 })).toBeNull();
  });
});

describe("a bit of flags in place of flags2", () => {
  const inFlags = (offered: bigint, notOffered: bigint) =>
    fmapInFlags({ flags: offered }, { flags: notOffered }, DEFAULT_PROFILE);

  it("comes and goes with the offer", () => {
    expect(inFlags(TWIN, 0n)).toMatch(/sets bit 10 of flags exactly where FUSE_DAX_FMAP/);
  });

  it("is the daemon's own wish where it comes without the offer, or beside the bit itself", () => {
    expect(inFlags(TWIN, TWIN)).toBeNull();
    expect(inFlags(0n, 0n)).toBeNull();
    expect(inFlags(TWIN | FMAP, 0n)).toBeNull();
  });
});
