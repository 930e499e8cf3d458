/**
 * For each rule of each revision a message that it lets through and one that it refuses, taken from the tables of
 * facts/revisions.md, sections 2 and 5: no number in here was read from a profile, and no line came from the oracle.
 */
import {
  type ErrnoName,
  MIB2,
  type ProfileName,
  type RuleId,
  TWO_TO_63,
  TWO_TO_64,
} from "../../spec/index.ts";
import { message, one, range, striped } from "./messages.ts";

interface RuleCase {
  readonly accepted: Uint8Array;
  /** null: no message can break the rule. */
  readonly refused: {
    readonly message: Uint8Array;
    /** Byte of the message. */
    readonly offset: number;
    readonly errno: ErrnoName;
    /** Another rule than the one that the case stands under: what is accepted for all its oddity saves no message. */
    readonly rule?: RuleId;
    readonly failAllocation?: number;
  } | null;
}

export type Cases = Partial<Record<RuleId, RuleCase>>;

/** Numbers of section 2. */
const EARLY = { unit: MIB2, extents: 32, strips: 32, devindexes: 1, zero: "EINVAL", limit: "E2BIG" } as const;
const LATE = { ...EARLY, zero: "ERANGE", limit: "ERANGE" } as const;
const NUMBERS = {
  "rfc-v1": { ...EARLY, extents: 2, strips: 16 },
  "rfc-v2": EARLY,
  v3: EARLY,
  v4: EARLY,
  v7: EARLY,
  v10: LATE,
  "simple-only": { ...LATE, extents: null, strips: null },
  "dual-ext": { ...LATE, unit: 4096n, extents: null, strips: null, devindexes: 64 },
} as const satisfies Record<ProfileName, object>;

const ORDER = Object.keys(NUMBERS) as ProfileName[];

/** The cases of the revision. */
export function casesOf(name: ProfileName): Cases {
  const n = NUMBERS[name];
  const since = (first: ProfileName) => ORDER.indexOf(name) >= ORDER.indexOf(first);
  return {
    ...headerCases(n),
    ...rangeCases(n, "simple", 32, (r) => r),
    ...acceptedCases(n, name),
    ...(name === "simple-only" ? {} : interleavedCases(n, name)),
    ...(since("dual-ext") ? dualCases(n) : wrapCases(n)),
  };
}

type Numbers = (typeof NUMBERS)[ProfileName];

const unitsOf = ({ unit }: Numbers, count: number) =>
  Array.from({ length: count }, (_, i) => range(BigInt(i) * unit, unit));
const small = (n: Numbers) => message(unitsOf(n, 1));
const headed = (n: Numbers, more: object = {}, strips = unitsOf(n, 1)) =>
  striped(strips, {
    ie_nbytes: (BigInt(strips.length) * n.unit).toString(),
    ie_chunk_size: Number(n.unit),
    ...more,
  });
const refused = (message: Uint8Array, offset: number, errno: ErrnoName = "EINVAL") => ({
  message,
  offset,
  errno,
});
const starved = (message: Uint8Array, offset: number, failAllocation: number) => ({
  message,
  offset,
  errno: "ENOMEM" as const,
  failAllocation,
});

function headerCases(n: Numbers): Cases {
  const accepted = small(n);
  const most = n.extents ?? 0;
  return {
    "fmap/header/underflow": { accepted, refused: refused(accepted.subarray(0, 31), 0) },
    "fmap/header/nextents-zero": { accepted, refused: refused(message([]), 8, n.zero) },
    ...(n.extents === null
      ? {}
      : {
          "fmap/header/nextents-limit": {
            accepted: message(unitsOf(n, most)),
            refused: refused(message(unitsOf(n, most + 1)), 8, n.limit),
          },
          "fmap/simple/nextents-recheck": { accepted, refused: null },
        }),
    "fmap/header/alloc-meta": { accepted, refused: starved(accepted, 0, 1) },
    "fmap/header/ext-type": { accepted, refused: refused(message(unitsOf(n, 1), { ext_type: 2 }), 4) },
    "fmap/simple/underflow": { accepted, refused: refused(accepted.subarray(0, 55), 55) },
    "fmap/simple/alloc-extents": { accepted, refused: starved(accepted, 8, 2) },
    "fmap/total/file-size": {
      accepted,
      refused: refused(message(unitsOf(n, 1), { file_size: (n.unit + 1n).toString() }), 16),
    },
  };
}

type Range = ReturnType<typeof range>;

/** The checks of a range at byte `at`, alone or as a strip. */
function rangeCases(
  n: Numbers,
  kind: "simple" | "strip",
  at: number,
  wrap: (r: Range) => Parameters<typeof one>[0],
): Cases {
  const on = (se_devindex: number) => one(wrap(range(0n, n.unit, { se_devindex })));
  return {
    [`fmap/${kind}/devindex`]: {
      accepted: on(n.devindexes - 1),
      refused: refused(on(n.devindexes), at),
    },
    [`fmap/${kind}/offset-alignment`]: {
      accepted: one(wrap(range(n.unit, n.unit))),
      refused: refused(one(wrap(range(n.unit / 2n, n.unit))), at + 8),
    },
    [`fmap/${kind}/length-alignment`]: {
      accepted: one(wrap(range(0n, 2n * n.unit))),
      refused: refused(one(wrap(range(0n, n.unit + n.unit / 2n))), at + 16),
    },
  };
}

function interleavedCases(n: Numbers, name: ProfileName): Cases {
  const dual = name === "dual-ext";
  const accepted = message([headed(n)]);
  const strips = (count: number) => message([headed(n, {}, unitsOf(n, count))]);
  return {
    ...rangeCases(n, "strip", 56, (r) => headed(n, {}, [r])),
    "fmap/interleaved/alloc-extents": { accepted, refused: starved(accepted, 8, 2) },
    "fmap/interleaved/alloc-strips": { accepted, refused: starved(accepted, 32, 3) },
    "fmap/interleaved/header-underflow": { accepted, refused: refused(accepted.subarray(0, 55), 32) },
    "fmap/interleaved/nbytes-zero": {
      accepted,
      refused: refused(message([headed(n, { ie_nbytes: "0" })]), 40),
    },
    "fmap/interleaved/strips-underflow": { accepted, refused: refused(accepted.subarray(0, 79), 32) },
    "fmap/interleaved/nstrips-zero": {
      accepted,
      refused: refused(one(headed(n, { ie_nbytes: "1" }, [])), 32),
    },
    ...(dual
      ? {}
      : {
          "fmap/interleaved/nstrips-limit": {
            accepted: strips(n.strips ?? 0),
            refused: refused(strips((n.strips ?? 0) + 1), 32),
          },
          "fmap/interleaved/remainder": {
            accepted,
            refused: refused(message([headed(n)], { file_size: (n.unit + 1n).toString() }), 16),
          },
          "fmap/ignored/nbytes": {
            accepted: message([headed(n, { ie_nbytes: "1" })]),
            refused: other(message([headed(n, { ie_nbytes: "1" }, [range(1n, n.unit)])]), 64),
          },
        }),
    ...chunkCases(n, name),
    "fmap/map/interleaved": {
      accepted,
      refused: other(message([headed(n, {}, [range(1n, n.unit)])]), 64),
    },
  };
}

const other = (message: Uint8Array, offset: number): RuleCase["refused"] => ({
  ...refused(message, offset),
  rule: `fmap/${offset === 40 ? "simple" : "strip"}/offset-alignment`,
});

function chunkCases(n: Numbers, name: ProfileName): Cases {
  const chunk = (ie_chunk_size: number, strip = range(0n, MIB2)) =>
    message([headed(n, { ie_chunk_size, ie_nbytes: MIB2.toString() }, [strip])]);
  if (["rfc-v1", "rfc-v2", "v3", "v4"].includes(name))
    return {
      "fmap/ignored/chunk-size": { accepted: chunk(4097), refused: other(chunk(4097, range(1n, MIB2)), 64) },
    };
  if (name === "dual-ext")
    return {
      "fmap/interleaved/chunk-size": {
        accepted: chunk(2 << 20),
        refused: refused(chunk(4 << 20), 36),
      },
    };
  return {
    "fmap/interleaved/chunk-size": { accepted: chunk(4 << 20), refused: refused(chunk(1 << 20), 36) },
    "fmap/ignored/chunk-size-zero": { accepted: chunk(0), refused: other(chunk(0, range(1n, MIB2)), 64) },
  };
}

/** The oddities that every revision takes. */
function acceptedCases(n: Numbers, name: ProfileName): Cases {
  const headers = {
    "fmap/ignored/version": { fmap_version: 7 },
    "fmap/ignored/file-type": { file_type: 200 },
    "fmap/ignored/reserved": { reserved: 1, reserved1: "1" },
    ...(name === "simple-only" || name === "dual-ext" ? { "fmap/ignored/fmap-size": { reserved0: 55 } } : {}),
    "fmap/ignored/file-size-zero": { file_size: "0" },
    "fmap/map/simple": {},
  };
  const wrong = [range(1n, n.unit)];
  const cases: Cases = {};
  for (const [rule, header] of Object.entries(headers))
    cases[rule as RuleId] = {
      accepted: message(unitsOf(n, 1), header),
      refused: other(message(wrong, header), 40),
    };
  const twice = (r: Range) => message([r, r]);
  return {
    ...cases,
    "fmap/ignored/trailing-bytes": {
      accepted: message(unitsOf(n, 1), {}, "00"),
      refused: other(message(wrong, {}, "00"), 40),
    },
    "fmap/ignored/overlap": {
      accepted: twice(range(0n, n.unit)),
      refused: other(twice(range(1n, n.unit)), 40),
    },
    "fmap/ignored/zero-length": { accepted: one(range(0n, 0n)), refused: other(one(range(1n, 0n)), 40) },
  };
}

/** Sums beyond 2^64 are taken as they come out. */
const wrapCases = ({ unit }: Numbers): Cases => ({
  "fmap/total/wraps": {
    accepted: message([range(0n, TWO_TO_64 - unit), range(0n, 2n * unit)], { file_size: unit.toString() }),
    refused: {
      ...refused(
        message([range(0n, TWO_TO_64 - unit), range(0n, 2n * unit)], { file_size: (unit + 1n).toString() }),
        16,
      ),
      rule: "fmap/total/file-size",
    },
  },
});

/** What only dual-ext checks. */
function dualCases(n: Numbers): Cases {
  const { unit } = n;
  const small = message(unitsOf(n, 1));
  const serving = (ie_nbytes: bigint, strip: Range) => headed(n, { ie_nbytes: `${ie_nbytes}` }, [strip]);
  const longest = (TWO_TO_64 - 1n) / unit;
  return {
    "fmap/header/file-size-limit": {
      accepted: message([range(0n, TWO_TO_63)], { file_size: (TWO_TO_63 - 1n).toString() }),
      refused: refused(message([range(0n, TWO_TO_63)], { file_size: TWO_TO_63.toString() }), 16),
    },
    "fmap/simple/end-overflow": {
      accepted: one(range(TWO_TO_64 - 2n * unit, unit)),
      refused: refused(one(range(TWO_TO_64 - unit, unit)), 40),
    },
    "fmap/simple/total-overflow": {
      accepted: message([range(0n, TWO_TO_63), range(0n, TWO_TO_63 - unit)], { file_size: "1" }),
      refused: refused(message([range(0n, TWO_TO_63), range(0n, TWO_TO_63)], { file_size: "1" }), 72),
    },
    "fmap/strip/end-overflow": {
      accepted: one(serving(1n, range(TWO_TO_64 - 2n * unit, unit))),
      refused: refused(one(serving(1n, range(TWO_TO_64 - unit, unit))), 64),
    },
    "fmap/strip/total-overflow": {
      accepted: message([serving(1n, range(0n, unit)), serving(1n, range(0n, unit))], { file_size: "1" }),
      refused: refused(
        message([serving(1n, range(0n, longest * unit)), serving(1n, range(0n, unit))], { file_size: "1" }),
        120,
      ),
    },
    "fmap/interleaved/nbytes-limit": {
      accepted: one(serving(TWO_TO_63 - 1n, range(0n, TWO_TO_63))),
      refused: refused(one(serving(TWO_TO_63, range(0n, TWO_TO_63))), 40),
    },
    "fmap/interleaved/strip-capacity": {
      accepted: one(serving(unit, range(0n, unit))),
      refused: refused(one(serving(unit + 1n, range(0n, unit))), 72),
    },
    "fmap/interleaved/nbytes-overflow": { accepted: small, refused: null },
    "fmap/interleaved/nbytes-cover": {
      accepted: message([serving(1n, range(0n, unit))], { file_size: "1" }),
      refused: refused(message([serving(1n, range(0n, unit))], { file_size: "2" }), 16),
    },
  };
}
