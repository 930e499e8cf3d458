/** The checks that make a message unsafe; each can be switched off alone. */
import {
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  FILE_TYPES,
  FMAP_VERSION,
  fmapHeader,
  interleavedExt,
  type Profile,
  simpleExt,
} from "../../spec/index.ts";
import type { Hazard } from "../parser/verdict.ts";
import { firstStray, overlaps, ownedRanges, type Stray } from "./strict-map.ts";
import { meantMap, type WireFmap, wireRanges } from "./wire-fmap.ts";

/** The input of a check: the message as it reads, its length in bytes, and the hazards of parsing it. */
export interface Examined {
  readonly profile: Profile;
  /** A number if the message ends too early: the least length in bytes that it would need. */
  readonly wire: WireFmap | number;
  readonly size: number;
  readonly hazards: readonly Hazard[];
}

/** A fault that makes a message unsafe: the byte, and the fault in words. */
export interface Fault {
  readonly at: number;
  readonly detail: string;
}

export interface StrictCheck {
  /** The clause of the definition of a safe message. */
  readonly clause: "arithmetic" | "sums" | "resolution" | "overlap" | "form";
  /** The end of a sentence that begins with "A message with". */
  readonly unsafe: string;
  /** The harm to a user if a kernel accepts such a message. */
  readonly consequence: string;
  fault(examined: Examined): Fault | null;
}

/** loff_t and the i_size of an inode are signed. */
const S64_MAX = (1n << 63n) - 1n;
const U64_MAX = (1n << 64n) - 1n;

const H = fmapHeader;

/** The byte at which a running sum first exceeds what a u64 holds; null: it never does. */
function firstOverflow(terms: readonly { at: number; n: bigint }[]): number | null {
  let sum = 0n;
  for (const { at, n } of terms) {
    sum += n;
    if (sum > U64_MAX) return at;
  }
  return null;
}

/** A check of a message that is complete. */
const whole =
  (fault: (wire: WireFmap, examined: Examined) => Fault | null) =>
  (examined: Examined): Fault | null =>
    typeof examined.wire === "number" ? null : fault(examined.wire, examined);

const byHazard =
  (rule: Hazard["rule"], detail: string) =>
  ({ hazards }: Examined): Fault | null => {
    const found = hazards.find((h) => h.rule === rule);
    return found === undefined ? null : { at: found.offset, detail };
  };

export const STRICT_CHECKS = {
  "defined-shift": {
    clause: "arithmetic",
    unsafe: "a devindex that is shifted out of range",
    consequence: "The bitmap of daxdevs holds another bit than was meant, or the compiler drops the code.",
    fault: byHazard("hazard/devindex-shift", "devindex is a shift count out of range"),
  },
  "paid-allocation": {
    clause: "arithmetic",
    unsafe: "counts that allocate more than a small multiple of its length",
    consequence: "A short reply makes the kernel allocate memory that the daemon did not pay for.",
    fault: byHazard("hazard/unpaid-allocation", "it allocates more than the message pays for"),
  },
  "file-size-fits": {
    clause: "sums",
    unsafe: "a file size from 2^63 on, which an inode's size cannot hold",
    consequence: "The inode gets a negative size, which its readers take for a huge one or for none.",
    fault: whole((wire) =>
      wire.header.file_size > S64_MAX
        ? { at: H.offsetOf("file_size"), detail: "the file size is negative as a loff_t" }
        : null,
    ),
  },
  "range-end-fits": {
    clause: "sums",
    unsafe: "a range that ends beyond 2^63-1, the last offset that resolving can work with",
    consequence:
      "The walk over the extents turns negative, and an offset resolves to memory in front of the range.",
    fault: whole((wire) => {
      const r = wireRanges(wire).find((r) => r.se_offset + r.se_len > S64_MAX);
      return r === undefined
        ? null
        : { at: r.at + simpleExt.offsetOf("se_len"), detail: `${r.owner} ends beyond 2^63-1` };
    }),
  },
  "lengths-sum-fits": {
    clause: "sums",
    unsafe: "lengths that add up to 2^64 or more",
    consequence: "The sum wraps, and a map is taken or refused for a size that it does not have.",
    fault: whole((wire) => {
      const at = firstOverflow(
        wireRanges(wire).map((r) => ({ at: r.at + simpleExt.offsetOf("se_len"), n: r.se_len })),
      );
      return at === null ? null : { at, detail: "the lengths up to here add up to 2^64 or more" };
    }),
  },
  "nbytes-sum-fits": {
    clause: "sums",
    unsafe: "interleaved extents that serve 2^64 bytes or more in all",
    consequence: "The place in the file at which an extent begins wraps, and its bytes are another's.",
    fault: whole((wire) => {
      const at = firstOverflow(
        wire.interleaved.map((e) => ({ at: e.at + interleavedExt.offsetOf("ie_nbytes"), n: e.ie_nbytes })),
      );
      return at === null ? null : { at, detail: "ie_nbytes up to here add up to 2^64 or more" };
    }),
  },
  "no-zero-division": {
    clause: "resolution",
    unsafe: "a chunk size of zero or no strips: resolving divides by both",
    consequence: "The first access to the file is a divide error in the kernel.",
    fault: whole((wire) => {
      const chunk = wire.interleaved.find((e) => e.ie_chunk_size === 0);
      if (chunk !== undefined)
        return { at: chunk.at + interleavedExt.offsetOf("ie_chunk_size"), detail: "the chunk size is zero" };
      const bare = wire.interleaved.find((e) => e.ie_nstrips === 0);
      return bare === undefined
        ? null
        : { at: bare.at + interleavedExt.offsetOf("ie_nstrips"), detail: "there are no strips" };
    }),
  },
  "every-byte-carried": {
    clause: "resolution",
    unsafe: "bytes of the file that no range carries",
    consequence: "The end of the file resolves to nothing: reads and writes there fail on an open file.",
    fault: whole((wire) => stray(wire, "no range")),
  },
  "strips-long-enough": {
    clause: "resolution",
    unsafe: "a strip too short for the chunks that fall on it",
    consequence:
      "Reads and writes of some offsets reach memory behind the strip: another file's data, or nobody's.",
    fault: whole((wire) => stray(wire, "past its end")),
  },
  "ranges-apart": {
    clause: "overlap",
    unsafe: "two ranges that share bytes of a daxdev",
    consequence: "Two offsets of one file are the same memory: writing the one changes the other.",
    fault: whole((wire) => {
      const [pair] = overlaps(ownedRanges(meantMap(wire)));
      if (pair === undefined) return null;
      const second = wireRanges(wire).find((r) => r.owner === pair[1].owner);
      return {
        at: (second?.at as number) + simpleExt.offsetOf("se_offset"),
        detail: `${pair[1].owner} overlaps ${pair[0].owner}`,
      };
    }),
  },
  "version-known": {
    clause: "form",
    unsafe: `an fmap_version other than ${FMAP_VERSION}`,
    consequence: "A message of a later version, laid out differently, is read as if it were of this one.",
    fault: whole((wire) =>
      wire.header.fmap_version === FMAP_VERSION
        ? null
        : { at: H.offsetOf("fmap_version"), detail: `fmap_version is ${wire.header.fmap_version}` },
    ),
  },
  "file-type-known": {
    clause: "form",
    unsafe: "a file_type that the header file does not name",
    consequence: "A file is kept with a type that nothing knows how to treat.",
    fault: whole((wire) =>
      wire.header.file_type < FILE_TYPES.length
        ? null
        : { at: H.offsetOf("file_type"), detail: `file_type is ${wire.header.file_type}` },
    ),
  },
  "ext-type-known": {
    clause: "form",
    unsafe: "an ext_type that the header file does not name",
    consequence: "Bytes of an unknown layout are taken for extents.",
    fault: whole((wire, { profile }) =>
      wire.header.ext_type <= (profile.parser.interleaved === null ? EXT_SIMPLE : EXT_INTERLEAVE)
        ? null
        : { at: H.offsetOf("ext_type"), detail: `ext_type is ${wire.header.ext_type}` },
    ),
  },
  "reserved-zero": {
    clause: "form",
    unsafe: "a reserved field that is not zero",
    consequence: "A daemon's rubbish there becomes meaning as soon as a later version gives the field one.",
    fault: whole((wire, { profile }) => {
      const at = nonZeroReserved(wire, profile.fmapSizeField);
      return at === null ? null : { at, detail: "a reserved field is not zero" };
    }),
  },
  "fmap-size-exact": {
    clause: "form",
    unsafe: "an fmap_size that is not its length",
    consequence:
      "The daemon and the kernel disagree about where the message ends, and the difference goes unseen.",
    fault: whole(({ header }, { profile, size }) =>
      !profile.fmapSizeField || header.reserved0 === size
        ? null
        : { at: H.offsetOf("reserved0"), detail: `fmap_size is ${header.reserved0}` },
    ),
  },
  "length-exact": {
    clause: "form",
    unsafe: "fewer or more bytes than its header and its extents announce",
    consequence: "Header and body were made for different maps, and the difference goes unseen.",
    fault({ wire, size }) {
      if (typeof wire === "number")
        return { at: size, detail: `it ends ${wire - size} or more bytes too early` };
      return wire.end === size
        ? null
        : { at: wire.end, detail: `${size - wire.end} bytes follow the last extent` };
    },
  },
} as const satisfies Record<string, StrictCheck>;

/** Name of a check of the strict oracle. */
export type StrictName = keyof typeof STRICT_CHECKS;

function stray(wire: WireFmap, kind: Stray["kind"]): Fault | null {
  const first = divides(wire) ? null : firstStray(meantMap(wire));
  return first?.kind === kind ? { at: H.offsetOf("file_size"), detail: first.detail } : null;
}

const divides = ({ interleaved }: WireFmap) =>
  interleaved.some((e) => e.ie_chunk_size === 0 || e.ie_nstrips === 0);

/** The byte of the first reserved field that is not zero; where the header has fmap_size, reserved0 is that. */
function nonZeroReserved(wire: WireFmap, hasFmapSize: boolean): number | null {
  const { header } = wire;
  if (header.reserved !== 0) return H.offsetOf("reserved");
  if (!hasFmapSize && header.reserved0 !== 0) return H.offsetOf("reserved0");
  if (header.reserved1 !== 0n) return H.offsetOf("reserved1");
  const head = wire.interleaved.find((e) => e.reserved !== 0n);
  if (head !== undefined) return head.at + interleavedExt.offsetOf("reserved");
  const range = wireRanges(wire).find((r) => r.reserved !== 0);
  return range === undefined ? null : range.at + simpleExt.offsetOf("reserved");
}
