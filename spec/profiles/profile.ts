import type { ErrnoName } from "../errno.ts";
import type { ProfileName } from "./names.ts";

/**
 * How fuse_get_fmap() of a revision finds out how large the reply is.
 *
 * `exact`: a reply has as many bytes as the buffer. `retry-once`: a 4-byte reply names the size that is needed, and the
 * kernel asks once more with it. `single`: one request, whatever fits. `fmap-size`: the header's fmap_size names the
 * size that is needed, and the kernel asks once more with it.
 */
export type ReplySizePolicy = {
  /** Bytes of the first buffer. */
  readonly first: number;
  /** Largest reply in bytes that any request of the exchange can take. */
  readonly max: number;
} & (
  | { readonly kind: "exact" | "single" | "fmap-size" }
  | {
      readonly kind: "retry-once";
      /** Smallest size in bytes that a 4-byte reply may ask for. */
      readonly min: number;
    }
);

/** One check of an interleaved extent's head. */
export type HeadCheck = "chunk-size" | "nbytes" | "strips" | "nstrips";

/** What the parser does with interleaved extents. */
export interface InterleavedParsing {
  /** The checks of a head in the order in which they are made. */
  readonly order: readonly HeadCheck[];
  /** Chunk sizes that pass: `any`, multiples of the alignment (0 is one), or those two in bytes. */
  readonly chunkSizes: "any" | "aligned" | readonly [number, number];
  /** Largest ie_nbytes that passes. */
  readonly nbytesLimit: "u64" | "s64";
  /** Whether a wrong nstrips is counted, and refuses the message at its end, or refuses it at once. */
  readonly nstrips: "counted" | "at once";
  /** Whether every strip must be long enough for the chunks that fall on it. */
  readonly stripCapacity: boolean;
  /** What is held against file_size behind the last extent: its s64 difference to all strips, or the sum of ie_nbytes. */
  readonly cover: "remainder" | "nbytes";
  /** Whose strips __famfs_meta_free frees. */
  readonly frees: "first extent" | "every extent";
}

/** One named snapshot of the protocol: what one public kernel revision puts on the wire and does with it. */
export interface Profile {
  readonly name: ProfileName;
  /** Other names of the same code: re-sends of it. */
  readonly aliases: readonly string[];
  readonly title: string;
  /** Where the facts come from. */
  readonly source: string;
  /** What no source was found for, by its path in this record, and why; what depends on it is `unspecified`. */
  readonly open: Readonly<Record<string, string>>;
  readonly opcodes: { readonly getFmap: number; readonly getDaxdev: number | null };
  /** Minor of FUSE 7 that the kernel offers in INIT: FUSE_KERNEL_MINOR_VERSION of the series' base. */
  readonly minor: number;
  /** Number of the FUSE_DAX_FMAP bit in the 64 INIT flags. */
  readonly initBit: number;
  /** Whether the bit is offered only to a server with CAP_SYS_RAWIO, and taken only if it was offered. */
  readonly initGuarded: boolean;
  readonly request: {
    /** When GET_FMAP is sent. */
    readonly hook: "lookup" | "open";
    readonly nodeid: "inode number" | "nodeid";
    /** Whether it is sent although the inode has a map. */
    readonly again: boolean;
    /** The struct behind the header. */
    readonly body: "none" | "fuse_get_fmap_in" | "fuse_getxattr_in";
  };
  readonly limits: {
    /** FUSE_FAMFS_MAX_EXTENTS and FUSE_FAMFS_MAX_STRIPS; null: there is none, or it is open. */
    readonly maxExtents: number | null;
    readonly maxStrips: number | null;
    /** Devindexes below this one are taken. */
    readonly devindexes: number;
    /** KMALLOC_MAX_SIZE on x86-64, bytes: a larger kcalloc fails. */
    readonly maxAllocation: number;
    /** Bytes that offsets and lengths must be a multiple of; a power of two. */
    readonly alignment: number;
    /** FAMFS_FMAP_MAX, bytes, whether it is used or not; null: there is none. */
    readonly fmapMax: number | null;
  };
  readonly parser: {
    /** Largest file_size that passes. */
    readonly fileSizeLimit: "u64" | "s64";
    /** What becomes of offset + length and of the running total beyond 2^64. */
    readonly sums: "wrap" | "refused";
    /** Width of `1 << devindex`. */
    readonly bitmap: "int" | "u64";
    /** Whether nextents is checked once more behind the allocation of the list; nothing is left for that check. */
    readonly recheck: boolean;
    /** null: the type is unknown. */
    readonly interleaved: InterleavedParsing | null;
  };
  /** Errnos that revisions differ in; null: success. */
  readonly errnos: {
    readonly nextentsZero: ErrnoName;
    readonly nextentsLimit: ErrnoName;
    readonly bufferAlloc: ErrnoName;
    readonly alreadyMapped: ErrnoName | null;
    readonly lostRace: ErrnoName | null;
  };
  /** Whether the header's last u32 before file_size is fmap_size, bytes of the whole message, or reserved. */
  readonly fmapSizeField: boolean;
  readonly replySize: ReplySizePolicy;
  readonly exchange: {
    /** Whether fuse_get_fmap checks that its first buffer could be allocated. */
    readonly allocationChecked: boolean;
    /** On which ways out the reply's buffer is not freed. */
    readonly leaksBuffer: "always" | "when it fails" | "when the request fails" | "never";
    /** Whether fuse_get_fmap drops what the parser says. */
    readonly dropsVerdict: boolean;
    /** Whether open(2) succeeds whatever fuse_get_fmap returns. */
    readonly openIgnoresFmap: boolean;
  };
  readonly install: {
    /** Whether the map is looked for under the lock before famfs_meta_set is called. */
    readonly looksFirst: boolean;
    /** What becomes of the map that lost a race. */
    readonly loser: "freed" | "leaked";
    /** Whether the way out of a refusal unlocks an inode that was never locked. */
    readonly unlocksUnlocked: boolean;
    /** Whether famfs_meta_free leaves the pointer to the map that it freed; null: not established. */
    readonly freeLeavesPointer: boolean | null;
    /** Whether the file gets address_space_operations of its own. */
    readonly ownAddressSpace: boolean;
  };
  readonly daxdevs: {
    /** `pull`: GET_DAXDEV for each unknown index of a map; `push`: the server names them beforehand by an ioctl. */
    readonly way: "pull" | "push";
    /** Slots of the connection's table; null: open. */
    readonly slots: number | null;
    /** What GET_DAXDEV, or the ioctl, of an index that is known meanwhile comes to; null: success. */
    readonly known: ErrnoName | null;
    /** Whether a name that cannot be copied is noticed. */
    readonly nameCopyChecked: boolean;
    /** What becomes of a device that cannot be claimed. */
    readonly claimFailure: "not claimed" | "slot in error";
    /** What a map with an unknown daxdev means for its file. */
    readonly missing: "nothing" | "every access fails";
  };
  /** null: no source of it was found. */
  readonly resolver: {
    /** What it does when nothing is found: `empty` is success with length 0 and no device. */
    readonly failure: "empty" | "EIO";
    /** How the walk compares an offset with a length. */
    readonly compares: "s64" | "u64";
    /** Whether extents of one size are indexed by a shift. */
    readonly shift: boolean;
    /** How an interleaved extent's bytes are clipped; `uninitialised`: by a variable that was never set. */
    readonly clip: "file size" | "uninitialised" | null;
    /** Whether a chunk size off the alignment fails first. */
    readonly checksChunk: boolean;
    /** What an access to a daxdev with a memory error returns; null: the same as any failure. */
    readonly poisoned: ErrnoName | null;
  } | null;
}
