import { describe, expect, it } from "vitest";
import { type Fmap, PROFILES, type Profile, profileNamed, whyOpen } from "../spec/index.ts";
import {
  type DaxdevTable,
  type Device,
  daxdevMissing,
  daxdevsToPull,
  EMPTY_TABLE,
  registerDaxdev,
} from "./daxdevs.ts";

const named = (name: string) => profileNamed(name) as Profile;
const mapOn = (...indexes: bigint[]): Fmap => ({
  fileType: 0,
  fileSize: 0n,
  devBitmap: indexes.reduce((bits, n) => bits | (1n << n), 0n),
  extType: "simple",
  extents: [],
});
const holding = (valid: bigint[], inError: bigint[] = []): DaxdevTable => ({
  valid: new Set(valid),
  inError: new Set(inError),
});
const PULLING = PROFILES.filter((p) => p.daxdevs.way === "pull");
const PUSHED = PROFILES.filter((p) => p.daxdevs.way === "push");

const told = (profile: Profile, device: Device, table = EMPTY_TABLE, index = 0n, nameCopied = true) => {
  const result = registerDaxdev(profile, table, index, device, nameCopied);
  if (result.kind === "unspecified") return result.reason;
  const slots = [...result.table.valid].map(String).concat([...result.table.inError].map((n) => `${n}!`));
  return `${result.errno ?? "ok"} [${slots}]${result.hazards.join()}`;
};

describe("what a map asks for", () => {
  it.each(PULLING)("$name pulls each index below 24 that it does not know", (profile) => {
    expect(daxdevsToPull(profile, mapOn(), EMPTY_TABLE)).toEqual([]);
    expect(daxdevsToPull(profile, mapOn(0n, 5n, 23n, 24n, 63n), holding([5n]))).toEqual([0n, 23n]);
    expect(daxdevMissing(profile, mapOn(0n), EMPTY_TABLE)).toBe(false);
  });

  it.each(PUSHED)("$name pulls nothing, and misses what is neither there nor in error", (profile) => {
    expect(daxdevsToPull(profile, mapOn(0n), EMPTY_TABLE)).toEqual([]);
    expect(daxdevMissing(profile, mapOn(), EMPTY_TABLE)).toBe(false);
    expect(daxdevMissing(profile, mapOn(0n), EMPTY_TABLE)).toBe(true);
    expect(daxdevMissing(profile, mapOn(0n, 3n), holding([0n], [3n]))).toBe(false);
    expect(daxdevMissing(profile, mapOn(0n, 4n), holding([0n], [3n]))).toBe(true);
  });
});

/** facts/revisions.md, section 7. */
describe("telling the kernel of a daxdev", () => {
  const DAX: Device = { kind: "daxdev" };
  const missing: Device = { kind: "unreachable", errno: "ENOENT" };

  it.each(PULLING)("$name: each way that a pull can fail", (profile) => {
    expect(told(profile, DAX)).toBe("ok [0]");
    expect(told(profile, DAX, EMPTY_TABLE, 24n)).toBe("EINVAL []");
    expect(told(profile, missing, EMPTY_TABLE, 24n)).toBe("EINVAL []");
    expect(told(profile, missing, holding([0n]))).toBe("ENOENT [0]");
    expect(told(profile, DAX, holding([], [0n]))).toBe("ok [0,0!]");
    expect(told(profile, { kind: "not a character device" })).toBe("EINVAL []");
    expect(told(profile, { kind: "forbidden" })).toBe("EACCES []");
    expect(told(profile, { kind: "not a daxdev" })).toBe("ENODEV []");
  });

  it.each([
    ["rfc-v1", "EALREADY", "ok [0]hazard/unchecked-name", "ok [0]"],
    ["rfc-v2", "EALREADY", "ok [0]hazard/unchecked-name", "ok [0]"],
    ["v3", "ok", "ok [0]hazard/unchecked-name", "ok [0]"],
    ["v4", "ok", "ENOMEM []", "ok [0]"],
    ["v7", "ok", "ENOMEM []", "ok [0]"],
    ["v10", "ok", "ENOMEM []", "ok [0,0!]"],
  ])("%s: known %s, no memory for the name %s, not to be claimed %s", (name, known, noName, unclaimed) => {
    const profile = named(name);
    expect(told(profile, DAX, holding([0n]))).toBe(`${known} [0]`);
    expect(told(profile, DAX, EMPTY_TABLE, 0n, false)).toBe(noName);
    expect(told(profile, { kind: "unclaimable", errno: "EBUSY" })).toBe(unclaimed);
  });

  it.each(PUSHED)("$name: each way that the ioctl can end", (profile) => {
    expect(told(profile, DAX)).toBe("ok [0]");
    expect(told(profile, { kind: "unreachable", errno: "EBADF" }, holding([0n]), 99n)).toBe("EBADF [0]");
    expect(told(profile, { kind: "not a character device" })).toBe("EINVAL []");
    expect(told(profile, DAX, holding([0n]))).toBe("ok [0]");
    expect(told(profile, DAX, holding([], [0n]))).toBe("EIO [0!]");
    expect(told(profile, { kind: "not a daxdev" })).toBe("ENODEV []");
    expect(told(profile, { kind: "unclaimable", errno: "EBUSY" })).toBe("EBUSY [0!]");
    expect(told(profile, { kind: "unclaimable", errno: "EBUSY", ours: true })).toBe("EBUSY []");
    expect(told(profile, { kind: "unclaimable", errno: "ENXIO", ours: true })).toBe("ENXIO [0!]");
  });

  it("has memory for the name where nobody says otherwise", () => {
    const result = registerDaxdev(named("v3"), EMPTY_TABLE, 0n, DAX);
    expect(result).toMatchObject({ kind: "done", errno: null, hazards: [] });
  });

  it("knows dual-ext's 64 slots, and of simple-only's only that there is one", () => {
    expect(told(named("dual-ext"), DAX, EMPTY_TABLE, 63n)).toBe("ok [63]");
    expect(told(named("dual-ext"), DAX, EMPTY_TABLE, 64n)).toBe("EINVAL []");
    const simpleOnly = named("simple-only");
    expect(registerDaxdev(simpleOnly, EMPTY_TABLE, 1n, DAX)).toEqual({
      kind: "unspecified",
      reason: whyOpen(simpleOnly, "daxdevs/slots"),
    });
  });
});
