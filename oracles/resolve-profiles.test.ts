/** famfs_fileofs_to_daxofs of each revision, as facts/revisions.md has it in section 8. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileRangeArb } from "../generators/index.ts";
import { type DaxRange, type Fmap, PROFILES, type Profile, profileNamed } from "../spec/index.ts";
import { extShift, publishedFile, type Resolution, resolve } from "./resolve.ts";

const named = (name: string) => profileNamed(name) as Profile;
const at = (offset: bigint, length: bigint): DaxRange => ({ devindex: 0n, offset, length });
const simple = (...extents: DaxRange[]): Fmap => ({
  fileType: 0,
  devBitmap: 1n,
  fileSize: 30n,
  extType: "simple",
  extents,
});
const striped = (chunkSize: bigint, nbytes: bigint, fileSize: bigint): Fmap => ({
  fileType: 0,
  devBitmap: 1n,
  fileSize,
  extType: "interleaved",
  extents: [{ chunkSize, nbytes, strips: [at(0n, 1n << 40n), at(1n << 40n, 1n << 40n)] }],
});
const CHUNK = 2n << 20n;

function told(r: Resolution): string {
  if (r.kind === "mapped") return `${r.length} at ${r.offset}${r.hazard ? ` ${r.hazard}` : ""}`;
  if (r.kind === "unspecified") return `unspecified ${r.rule ?? r.reason}`;
  return `${r.kind === "failed" ? r.errno : "empty"}${r.hazard ? ` ${r.hazard}` : ""}`;
}

const RULED_OUT = {
  "rfc-v1": "unspecified 15/19 as posted was not read",
  "dual-ext": "unspecified its resolver was not found",
} as const;

it("an extent that v4 clips says why nobody knows where it ends", () => {
  const map = striped(CHUNK, CHUNK, CHUNK);
  expect(resolve(named("v4"), map, 0n, 1n)).toMatchObject({
    reason: "the extent is clipped by a variable that was never set",
  });
});

describe.each([
  ["rfc-v2", "empty", "empty", "2097152 at 1099511627776", "1 at 1"],
  ["v3", "empty", "empty", "2097152 at 1099511627776", "1 at 1"],
  [
    "v4",
    "EIO",
    "EIO",
    "unspecified hazard/uninitialised-extent-size",
    "unspecified hazard/uninitialised-extent-size",
  ],
  ["v7", "EIO", "EIO", "2097152 at 1099511627776", "EINVAL"],
  ["v10", "EIO", "EHWPOISON", "2097152 at 1099511627776", "EINVAL"],
])("%s", (name, failure, poisoned, interleaved, oddChunk) => {
  const profile = named(name);
  const find = (map: Fmap, offset: bigint, file = publishedFile(map)) =>
    told(resolve(profile, map, offset, 1n << 30n, file));

  it("finds, and fails in its own way", () => {
    const map = simple(at(100n, 10n), at(500n, 20n));
    const file = publishedFile(map);
    expect(find(map, 12n)).toBe("18 at 502");
    expect(find(map, 30n)).toBe(failure);
    for (const bad of [{ daxdevTable: false }, { dax: false }, { iSize: 31n }, { mapInError: true }])
      expect(find(map, 12n, { ...file, ...bad })).toBe(failure);
    expect(find(map, 12n, { ...file, daxdev: "unusable" })).toBe(failure);
    expect(find(map, 12n, { ...file, daxdev: "poisoned" })).toBe(poisoned);
    expect(find(map, 30n, { ...file, daxdev: "poisoned" })).toBe(failure);
  });

  it("of interleaved extents", () => {
    expect(find(striped(CHUNK, 4n * CHUNK, 4n * CHUNK), CHUNK)).toBe(interleaved);
    expect(find(striped(2n, 8n, 8n), 1n)).toBe(oddChunk);
    expect(find(striped(CHUNK, 4n * CHUNK, 0n), 0n)).toBe(failure);
    if (name !== "v4") {
      expect(find(striped(CHUNK, CHUNK, CHUNK), CHUNK)).toBe(failure);
      expect(find(striped(0n, CHUNK, CHUNK), 0n)).toBe("unspecified hazard/zero-chunk-division");
    }
  });
});

it.each(Object.entries(RULED_OUT))("of %s nothing is said: %s", (name, expected) => {
  for (const map of [simple(at(0n, 9n)), striped(CHUNK, CHUNK, CHUNK)])
    expect(told(resolve(named(name), map, 0n, 1n))).toBe(expected);
});

describe("simple-only", () => {
  const profile = named("simple-only");
  const find = (map: Fmap, offset: bigint, want = 1n << 30n) => told(resolve(profile, map, offset, want));
  const HALF = 1n << 63n;

  it("compares without a sign", () => {
    // The rest of the extent is then taken with a sign: -2^63+3 is the smaller, and -2^63-1 wraps to 2^63-1.
    expect(find(simple(at(0n, HALF + 8n)), 5n, 3n)).toBe(`${HALF + 3n} at 5`);
    expect(find(simple(at(0n, HALF + 8n)), 9n, 3n)).toBe("3 at 9 hazard/walk-overflow");
    expect(told(resolve(named("v10"), simple(at(0n, HALF + 8n)), 5n, 3n))).toBe("EIO");
    expect(find(simple(at(0n, (1n << 64n) - 4n)), HALF - 1n, 3n)).toBe(
      `3 at ${HALF - 1n} hazard/walk-overflow`,
    );
    expect(find(simple(at(100n, 10n)), 10n)).toBe("EIO");
  });

  it.each([
    [[8n, 8n, 8n], 3],
    [[8n, 8n, 5n], 3],
    [[8n, 8n, 0n], 3],
    [[8n, 1n], 3],
    [[8n, 9n], 0],
    [[8n, 4n, 8n], 0],
    [[4n, 4n, 8n], 0],
    [[6n, 6n], 0],
    [[0n, 0n], 0],
    [[8n], 0],
    [[], 0],
    [[1n, 1n], 0],
    [[HALF, 1n], 63],
  ] as const)("lengths %s have the shift %i", (lengths, shift) => {
    expect(extShift(lengths.map((length) => at(0n, length)))).toBe(shift);
  });

  it("indexes by a shift as it would walk", () => {
    const walking: Profile = {
      ...profile,
      resolver: { ...(profile.resolver as NonNullable<Profile["resolver"]>), shift: false },
    };
    const extentsArb = fc
      .tuple(
        fc.integer({ min: 1, max: 62 }),
        fc.integer({ min: 1, max: 5 }),
        fc.bigInt({ min: 0n, max: 1n << 62n }),
      )
      .map(([shift, n, last]) => {
        const size = 1n << BigInt(shift);
        const lengths = [...Array.from({ length: n }, () => size), last > size ? size : last];
        return lengths.map((length, i) => at(BigInt(i) << 50n, length));
      });
    const law = fc.property(extentsArb, fileRangeArb, (extents, [offset, want]) => {
      expect(extShift(extents)).toBeGreaterThan(0);
      const map = simple(...extents);
      for (const o of [offset, (extents[0] as DaxRange).length, (extents[0] as DaxRange).length - 1n])
        expect(find(map, o, want)).toBe(told(resolve(walking, map, o, want)));
    });
    fc.assert(law, { numRuns: 1000 });
  });
});

it("every profile is one of these", () => {
  const tested = ["rfc-v2", "v3", "v4", "v7", "v10", "simple-only", ...Object.keys(RULED_OUT)];
  expect(PROFILES.map((p) => p.name).filter((name) => !tested.includes(name))).toEqual([]);
});
