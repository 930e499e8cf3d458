/**
 * What famfs_fuse_meta_alloc of rfc-v2 says of literal messages, rule by rule, taken from facts/revisions.md section 5:
 * not one line of it was produced by the oracle.
 */

import type { ErrnoName, RuleId } from "../../spec/index.ts";
import type { acceptedRules } from "../../spec/rules/accepted.ts";
import type { parserRules } from "../../spec/rules/parser.ts";
import { MIB2, message, one, range, SMALLEST, SMALLEST_STRIPED, striped, UNIT, units } from "./messages.ts";

interface Refusal {
  readonly message: Uint8Array;
  readonly errno: ErrnoName;
  /** Byte of the message. */
  readonly offset: number;
  /** Another rule than the one that the case stands under. */
  readonly rule?: RuleId;
  readonly failAllocation?: number;
}

export interface RuleCases {
  readonly accepted: readonly Uint8Array[];
  readonly refused: readonly Refusal[];
}

const bytes = (...parts: string[]) => Uint8Array.from(Buffer.from(parts.join("").replaceAll(" ", ""), "hex"));
const MAX_U64 = ((1n << 64n) - 1n).toString();
const HALF = 1n << 63n;
const EDGE = (1n << 64n) - MIB2;

/** Written out byte by byte: file_type 0, version 1, simple, one extent, file_size 2 MiB; 2 MiB at offset 4 MiB. */
const HEADER = "00 00 0100 00000000 01000000 00000000 0000200000000000 0000000000000000";
const EXTENT = "00000000 00000000 0000400000000000 0000200000000000";
const STRIPED_HEADER = "00 00 0100 01000000 01000000 00000000 0000200000000000 0000000000000000";
const HEAD = "01000000 00002000 0000200000000000 0000000000000000";

const einval = (offset: number, message: Uint8Array, rule?: RuleId): Refusal => ({
  message,
  errno: "EINVAL",
  offset,
  ...(rule === undefined ? {} : { rule }),
});
const enomem = (offset: number, failAllocation: number, message: Uint8Array): Refusal => ({
  message,
  errno: "ENOMEM",
  offset,
  failAllocation,
});

export const PARSER_CASES: Readonly<Partial<Record<keyof typeof parserRules, RuleCases>>> = {
  "fmap/header/underflow": {
    accepted: [bytes(HEADER, EXTENT), bytes(STRIPED_HEADER, HEAD, EXTENT)],
    refused: [
      einval(0, bytes("")),
      einval(0, bytes("00000000")),
      einval(0, bytes(HEADER).subarray(0, 31)),
      einval(32, bytes(HEADER), "fmap/simple/underflow"),
    ],
  },
  "fmap/header/nextents-zero": {
    accepted: [SMALLEST],
    refused: [
      einval(8, bytes("00 00 0100 00000000 00000000 00000000 0000000000000000 0000000000000000")),
      einval(8, message([], { ext_type: 1 })),
      einval(8, message([UNIT], { nextents: 0 })),
    ],
  },
  "fmap/header/nextents-limit": {
    accepted: [message(units(32)), message(units(32).map((u) => striped([u])))],
    refused: [
      { message: message(units(33)), errno: "E2BIG", offset: 8 },
      { message: message(units(33).map((u) => striped([u]))), errno: "E2BIG", offset: 8 },
      { message: bytes("00 00 0100 00000000 21000000 00000000", "00".repeat(16)), errno: "E2BIG", offset: 8 },
      { message: message([UNIT], { nextents: 0x80000000 }), errno: "E2BIG", offset: 8 },
      { message: message([UNIT], { nextents: 0xffffffff }), errno: "E2BIG", offset: 8 },
    ],
  },
  "fmap/header/alloc-meta": {
    accepted: [SMALLEST],
    refused: [
      enomem(0, 1, SMALLEST),
      enomem(0, 1, SMALLEST_STRIPED),
      enomem(0, 1, one(UNIT, { ext_type: 2 })),
    ],
  },
  "fmap/header/ext-type": {
    accepted: [SMALLEST, SMALLEST_STRIPED],
    refused: [
      einval(4, bytes("00 00 0100 02000000 01000000 00000000 0000200000000000 0000000000000000", EXTENT)),
      ...[3, 0x100, 0x10000, 0x80000000, 0xffffffff].map((ext_type) =>
        einval(4, message([UNIT], { ext_type })),
      ),
    ],
  },
  "fmap/simple/underflow": {
    accepted: [message(units(2)), message(units(2), { nextents: 1, file_size: "0" })],
    refused: [
      einval(55, bytes(HEADER, EXTENT).subarray(0, 55)),
      einval(79, message(units(2)).subarray(0, 79)),
      einval(56, message([UNIT], { nextents: 2 })),
      einval(56, message([UNIT], { nextents: 32 })),
    ],
  },
  "fmap/simple/alloc-extents": {
    accepted: [message(units(32))],
    refused: [enomem(8, 2, SMALLEST), enomem(8, 2, one(range(1n, 1n)))],
  },
  "fmap/simple/nextents-recheck": { accepted: [message(units(32))], refused: [] },
  "fmap/simple/devindex": {
    accepted: [one(range(0n, 0n, { se_devindex: 0 }))],
    refused: [
      ...[1, 2, 23, 24, 31, 32, 64, 0x100, 0x10000, 0x80000000, 0xffffffff].map((se_devindex) =>
        einval(32, one(range(0n, 0n, { se_devindex }))),
      ),
      einval(56, message([UNIT, range(0n, 0n, { se_devindex: 1 })])),
    ],
  },
  "fmap/simple/offset-alignment": {
    accepted: [0n, MIB2, HALF, EDGE].map((offset) => one(range(offset, 0n))),
    refused: [
      ...[1n, 512n, 4096n, 1n << 20n, MIB2 - 1n, MIB2 + 1n, HALF + 8n].map((n) =>
        einval(40, one(range(n, 0n))),
      ),
      einval(64, message([UNIT, range(4096n, 0n)])),
    ],
  },
  "fmap/simple/length-alignment": {
    accepted: [0n, MIB2, HALF, EDGE].map((length) => one(range(0n, length))),
    refused: [
      ...[1n, 512n, 4096n, 1n << 20n, MIB2 - 1n, MIB2 + 1n, HALF + 8n].map((n) =>
        einval(48, one(range(0n, n))),
      ),
      einval(72, message([UNIT, range(0n, 4096n)])),
    ],
  },
  "fmap/interleaved/alloc-extents": {
    accepted: [SMALLEST_STRIPED],
    refused: [enomem(8, 2, SMALLEST_STRIPED), enomem(8, 2, message([], { ext_type: 1, nextents: 1 }))],
  },
  "fmap/interleaved/header-underflow": {
    accepted: [SMALLEST_STRIPED],
    refused: [
      einval(32, bytes(STRIPED_HEADER)),
      einval(32, bytes(STRIPED_HEADER, HEAD).subarray(0, 55)),
      einval(80, message([striped([UNIT])], { nextents: 2 })),
      einval(80, message([striped([UNIT])], { nextents: 2 }, "00".repeat(23))),
    ],
  },
  "fmap/interleaved/nbytes-zero": {
    accepted: [1n, 1n << 32n, HALF, (1n << 64n) - 1n].map((n) =>
      message([striped([UNIT], { ie_nbytes: `${n}` })]),
    ),
    refused: [
      einval(40, message([striped([UNIT], { ie_nbytes: "0" })])),
      einval(88, message([striped([UNIT]), striped([UNIT], { ie_nbytes: "0" })])),
    ],
  },
  "fmap/interleaved/strips-underflow": {
    accepted: [message([striped(units(2))])],
    refused: [
      einval(32, bytes(STRIPED_HEADER, HEAD)),
      einval(32, SMALLEST_STRIPED.subarray(0, 79)),
      einval(32, one(striped([UNIT], { ie_nstrips: 2 }))),
      einval(32, one(striped([UNIT], { ie_nstrips: 0xffffffff }))),
      einval(80, message([striped([UNIT]), striped([], { ie_nstrips: 1 })])),
    ],
  },
  "fmap/interleaved/nstrips-zero": {
    accepted: [SMALLEST_STRIPED],
    refused: [
      einval(32, one(striped([]))),
      einval(32, one(striped([], { ie_nstrips: 0 }), { nextents: 1 })),
      einval(80, message([striped([UNIT]), striped([])])),
    ],
  },
  "fmap/interleaved/nstrips-limit": {
    accepted: [message([striped(units(32))]), message([striped(units(32)), striped(units(32))])],
    refused: [
      einval(32, message([striped(units(33))])),
      einval(32, message([striped(units(256))])),
      einval(80, message([striped([UNIT]), striped(units(33))])),
    ],
  },
  "fmap/interleaved/alloc-strips": {
    accepted: [message([striped(units(2)), striped(units(2))])],
    refused: [
      enomem(32, 3, SMALLEST_STRIPED),
      enomem(80, 4, message([striped([UNIT]), striped([UNIT])])),
      enomem(32, 3, one(striped(units(33)))),
    ],
  },
  "fmap/strip/devindex": {
    accepted: [one(striped([range(0n, 0n, { se_devindex: 0 })]))],
    refused: [
      ...[1, 24, 31, 0x100, 0x80000000, 0xffffffff].map((se_devindex) =>
        einval(56, one(striped([range(0n, 0n, { se_devindex })]))),
      ),
      einval(80, message([striped([UNIT, range(0n, 0n, { se_devindex: 1 })])])),
      einval(104, message([striped([UNIT]), striped([range(0n, 0n, { se_devindex: 1 })])])),
    ],
  },
  "fmap/strip/offset-alignment": {
    accepted: [0n, MIB2, HALF, EDGE].map((offset) => one(striped([range(offset, 0n)]))),
    refused: [
      ...[1n, 4096n, 1n << 20n, MIB2 - 1n, HALF + 8n].map((n) => einval(64, one(striped([range(n, 0n)])))),
      einval(88, message([striped([UNIT, range(1n, 0n)])])),
    ],
  },
  "fmap/strip/length-alignment": {
    accepted: [0n, MIB2, HALF].map((length) => one(striped([range(0n, length)]))),
    refused: [
      // Not beyond 2^63: there the remainder turns positive and decides.
      ...[1n, 4096n, 1n << 20n, MIB2 - 1n, HALF - 8n].map((n) => einval(72, one(striped([range(0n, n)])))),
      einval(96, message([striped([UNIT, range(0n, 4096n)])])),
    ],
  },
  "fmap/interleaved/remainder": {
    accepted: [
      SMALLEST_STRIPED,
      message([striped([UNIT])], { file_size: (MIB2 - 1n).toString() }),
      // 0 - 2^63 is the smallest s64; 2^63 - (2^63 + 2 MiB) is -2 MiB.
      one(striped([range(0n, HALF)])),
      message([striped([range(0n, HALF), UNIT])], { file_size: HALF.toString() }),
      // The strips' sum wraps to 0.
      message([striped([range(0n, HALF), range(0n, HALF)])], { file_size: "0" }),
    ],
    refused: [
      einval(16, message([striped([UNIT])], { file_size: (MIB2 + 1n).toString() })),
      einval(16, message([striped([UNIT])], { file_size: (2n * MIB2).toString() })),
      einval(16, message([striped([range(0n, 0n)])], { file_size: "1" })),
      einval(16, message([striped([range(0n, 0n)])], { file_size: (HALF - 1n).toString() })),
      einval(16, message([striped([UNIT])], { file_size: (HALF - 1n + MIB2).toString() })),
      einval(16, message([striped([range(0n, HALF), range(0n, HALF)])], { file_size: "1" })),
      // 0 - (2^63 + 2 MiB) is 2^63 - 2 MiB as an s64: a file of no bytes is refused as too large.
      einval(16, one(striped([range(0n, HALF + MIB2)]))),
    ],
  },
  "fmap/total/file-size": {
    accepted: [SMALLEST, message(units(3), { file_size: (2n * MIB2 + 1n).toString() })],
    refused: [
      einval(16, message([UNIT], { file_size: (MIB2 + 1n).toString() })),
      einval(16, message([UNIT], { file_size: ((1n << 32n) + MIB2).toString() })),
      einval(16, message([UNIT], { file_size: MAX_U64 })),
      einval(16, one(range(0n, 0n), { file_size: "1" })),
      // The remainder is negative from a file_size of 2^63 plus the strips on: the sum decides.
      einval(16, message([striped([UNIT])], { file_size: (HALF + MIB2).toString() })),
      einval(16, message([striped([UNIT])], { file_size: MAX_U64 })),
    ],
  },
  "fmap/total/wraps": {
    accepted: [
      message([range(0n, HALF), range(0n, HALF)], { file_size: "0" }),
      message([range(0n, EDGE), range(0n, 2n * MIB2)], { file_size: MIB2.toString() }),
    ],
    refused: [
      einval(16, message([range(0n, HALF), range(0n, HALF)], { file_size: "1" }), "fmap/total/file-size"),
      einval(
        16,
        message([range(0n, EDGE), range(0n, 2n * MIB2)], { file_size: (MIB2 + 1n).toString() }),
        "fmap/total/file-size",
      ),
    ],
  },
};

const WRONG = range(MIB2, MIB2, { se_devindex: 1 });
const other = (message: Uint8Array): Refusal => einval(32, message, "fmap/simple/devindex");

/** Accepted for all their oddity; and the same oddity, which saves no message from what is wrong with it besides. */
export const ACCEPTED_CASES: Readonly<Partial<Record<keyof typeof acceptedRules, RuleCases>>> = {
  "fmap/ignored/version": {
    accepted: [0, 2, 256, 65_535].map((fmap_version) => message([UNIT], { fmap_version })),
    refused: [other(message([WRONG], { fmap_version: 2 }))],
  },
  "fmap/ignored/file-type": {
    accepted: [3, 128, 255].map((file_type) => message([UNIT], { file_type })),
    refused: [other(message([WRONG], { file_type: 3 }))],
  },
  "fmap/ignored/reserved": {
    accepted: [
      message([UNIT], { reserved: 255 }),
      message([UNIT], { reserved0: 0xffffffff }),
      message([UNIT], { reserved1: MAX_U64 }),
      message([range(0n, MIB2, { reserved: 1 })]),
      message([striped([UNIT], { reserved: "1" })]),
      message([striped([range(0n, MIB2, { reserved: 1 })])]),
    ],
    refused: [other(message([WRONG], { reserved: 1, reserved0: 1, reserved1: "1" }))],
  },
  "fmap/ignored/trailing-bytes": {
    accepted: [
      message([UNIT], {}, "ff"),
      message([UNIT], {}, "00".repeat(24)),
      message([striped([UNIT])], {}, "ffff"),
    ],
    refused: [other(message([WRONG], {}, "ff"))],
  },
  "fmap/ignored/chunk-size": {
    accepted: [0, 1, 4096, 0xffffffff].map((ie_chunk_size) => message([striped([UNIT], { ie_chunk_size })])),
    refused: [einval(56, message([striped([WRONG], { ie_chunk_size: 0 })]), "fmap/strip/devindex")],
  },
  "fmap/ignored/nbytes": {
    accepted: ["1", "4194304", MAX_U64].map((ie_nbytes) => message([striped([UNIT], { ie_nbytes })])),
    refused: [einval(56, message([striped([WRONG], { ie_nbytes: "1" })]), "fmap/strip/devindex")],
  },
  "fmap/ignored/overlap": {
    accepted: [message([UNIT, UNIT]), message([striped([UNIT, range(0n, 2n * MIB2)])])],
    refused: [einval(56, message([UNIT, WRONG]), "fmap/simple/devindex")],
  },
  "fmap/ignored/zero-length": {
    accepted: [message([UNIT, range(0n, 0n)]), message([striped([range(0n, 0n), UNIT])])],
    refused: [einval(56, message([range(0n, 0n), WRONG]), "fmap/simple/devindex")],
  },
  "fmap/ignored/file-size-zero": {
    accepted: [one(UNIT), one(striped([UNIT]))],
    refused: [other(one(WRONG))],
  },
  "fmap/map/simple": {
    accepted: [bytes(HEADER, EXTENT), message(units(32))],
    refused: [einval(776, message([...units(31), WRONG]), "fmap/simple/devindex")],
  },
  "fmap/map/interleaved": {
    accepted: [bytes(STRIPED_HEADER, HEAD, EXTENT), message([striped(units(32)), striped(units(3))])],
    refused: [einval(80, message([striped([UNIT, WRONG])]), "fmap/strip/devindex")],
  },
};
