import type { ErrnoName } from "../errno.ts";
import type { ProfileName } from "./names.ts";

/**
 * How fuse_get_fmap() of a revision learns the size of the reply.
 *
 * `exact`: a reply must fill the buffer. `retry-once`: a 4-byte reply names the size, and the kernel repeats the request
 * once with that size. `single`: one request, and the reply must fit. `fmap-size`: the header's fmap_size names the size,
 * and the kernel repeats the request once with that size.
 */
export type ReplySizePolicy = {
  /** Bytes of the first buffer. */
  readonly first: number;
  /** Largest reply in bytes that any request of the exchange accepts. */
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
  /** The checks of a head, in the parser's order. */
  readonly order: readonly HeadCheck[];
  /** Accepted chunk sizes: `any`, multiples of the alignment (also 0), or these two sizes in bytes. */
  readonly chunkSizes: "any" | "aligned" | readonly [number, number];
  /** Largest accepted ie_nbytes. */
  readonly nbytesLimit: "u64" | "s64";
  /** When a wrong nstrips refuses the message: after all other checks, or at once. */
  readonly nstrips: "counted" | "at once";
  /** Every strip must be long enough for its chunks. */
  readonly stripCapacity: boolean;
  /** What the parser compares with file_size after the last extent: the sum of all strips (s64 difference), or of ie_nbytes. */
  readonly cover: "remainder" | "nbytes";
  /** The extents whose strips __famfs_meta_free frees. */
  readonly frees: "first extent" | "every extent";
}

/** One public kernel revision: its messages on the wire, and what its kernel does with them. */
export interface Profile {
  readonly name: ProfileName;
  /** Other names of the same code: later postings without changes. */
  readonly aliases: readonly string[];
  readonly title: string;
  /** The mails or commits that the facts come from. */
  readonly source: string;
  /** Why no source gives a field, by the field's path in this record. Verdicts that depend on it are `unspecified`. */
  readonly open: Readonly<Record<string, string>>;
  readonly opcodes: { readonly getFmap: number; readonly getDaxdev: number | null };
  /** Minor of FUSE 7 that the kernel offers in INIT: FUSE_KERNEL_MINOR_VERSION of the series' base. */
  readonly minor: number;
  /** Number of the FUSE_DAX_FMAP bit in the 64 INIT flags. */
  readonly initBit: number;
  /** The kernel offers the bit only to a server with CAP_SYS_RAWIO, and accepts it only if it offered it. */
  readonly initGuarded: boolean;
  readonly request: {
    /** When the kernel sends GET_FMAP. */
    readonly hook: "lookup" | "open";
    readonly nodeid: "inode number" | "nodeid";
    /** The kernel sends it even if the inode has a map. */
    readonly again: boolean;
    /** The struct that follows the header. */
    readonly body: "none" | "fuse_get_fmap_in" | "fuse_getxattr_in";
  };
  readonly limits: {
    /** FUSE_FAMFS_MAX_EXTENTS and FUSE_FAMFS_MAX_STRIPS; null: there is none, or it is open. */
    readonly maxExtents: number | null;
    readonly maxStrips: number | null;
    /** The parser accepts devindexes below this one. */
    readonly devindexes: number;
    /** KMALLOC_MAX_SIZE on x86-64, bytes: a larger kcalloc fails. */
    readonly maxAllocation: number;
    /** Bytes that offsets and lengths must be a multiple of; a power of two. */
    readonly alignment: number;
    /** FAMFS_FMAP_MAX in bytes, even if the code does not use it; null: there is none. */
    readonly fmapMax: number | null;
  };
  readonly parser: {
    /** Largest accepted file_size. */
    readonly fileSizeLimit: "u64" | "s64";
    /** If offset + length or the running total exceeds 2^64-1: it wraps, or the message is refused. */
    readonly sums: "wrap" | "refused";
    /** Width of `1 << devindex`. */
    readonly bitmap: "int" | "u64";
    /** The parser checks nextents again after it allocates the list; no message fails this second check. */
    readonly recheck: boolean;
    /** null: the type is unknown. */
    readonly interleaved: InterleavedParsing | null;
  };
  /** Errnos that differ between revisions; null: success. */
  readonly errnos: {
    readonly nextentsZero: ErrnoName;
    readonly nextentsLimit: ErrnoName;
    readonly bufferAlloc: ErrnoName;
    readonly alreadyMapped: ErrnoName | null;
    readonly lostRace: ErrnoName | null;
  };
  /** The u32 before file_size is fmap_size, the length of the message in bytes; otherwise it is reserved. */
  readonly fmapSizeField: boolean;
  readonly replySize: ReplySizePolicy;
  readonly exchange: {
    /** fuse_get_fmap checks whether the allocation of its first buffer failed. */
    readonly allocationChecked: boolean;
    /** When fuse_get_fmap does not free the reply's buffer. */
    readonly leaksBuffer: "always" | "when it fails" | "when the request fails" | "never";
    /** fuse_get_fmap ignores the parser's errno. */
    readonly dropsVerdict: boolean;
    /** open(2) succeeds even if fuse_get_fmap fails. */
    readonly openIgnoresFmap: boolean;
  };
  readonly install: {
    /** famfs_file_init_dax looks for a map under the lock before it calls famfs_meta_set. */
    readonly looksFirst: boolean;
    /** The fate of a map that another open's map precedes. */
    readonly loser: "freed" | "leaked";
    /** After a refusal famfs_file_init_dax unlocks the inode without having locked it. */
    readonly unlocksUnlocked: boolean;
    /** famfs_meta_free leaves the pointer to the freed map; null: not established. */
    readonly freeLeavesPointer: boolean | null;
    /** The file gets its own address_space_operations. */
    readonly ownAddressSpace: boolean;
  };
  readonly daxdevs: {
    /** `pull`: the kernel sends GET_DAXDEV for each unknown index of a map; `push`: the server registers all by an ioctl. */
    readonly way: "pull" | "push";
    /** Slots of the connection's table; null: open. */
    readonly slots: number | null;
    /** The result of GET_DAXDEV or the ioctl for an index that another caller has registered meanwhile; null: success. */
    readonly known: ErrnoName | null;
    /** The kernel checks whether it could copy the name. */
    readonly nameCopyChecked: boolean;
    /** What the kernel does with a device that it cannot claim. */
    readonly claimFailure: "not claimed" | "slot in error";
    /** The effect of an unknown daxdev on the file of a map. */
    readonly missing: "nothing" | "every access fails";
  };
  /** null: no source of it was found. */
  readonly resolver: {
    /** The result if it finds nothing: `empty` is success with length 0 and no device. */
    readonly failure: "empty" | "EIO";
    /** How the walk compares an offset with a length. */
    readonly compares: "s64" | "u64";
    /** The resolver finds extents of equal size by a shift. */
    readonly shift: boolean;
    /** The limit to which an interleaved extent is clipped; `uninitialised`: a variable that is never set. */
    readonly clip: "file size" | "uninitialised" | null;
    /** The resolver first refuses a chunk size that is not aligned. */
    readonly checksChunk: boolean;
    /** The errno of an access to a daxdev with a memory error; null: that of any failure. */
    readonly poisoned: ErrnoName | null;
  } | null;
}
