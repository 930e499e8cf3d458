import type { ErrnoName } from "../errno.ts";

/** How fuse_get_fmap() of a revision finds out how large the reply is. */
export interface ReplySizePolicy {
  /** `retry-once`: a 4-byte reply names the size that is needed, and the kernel asks once more with it. */
  readonly kind: "retry-once";
  /** Bytes of the first buffer. */
  readonly first: number;
  /** Smallest and largest size, in bytes, that a 4-byte reply may ask for. */
  readonly min: number;
  readonly max: number;
}

/** One named snapshot of the protocol: what one public kernel revision puts on the wire and does with it. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Where the facts come from. */
  readonly source: string;
  readonly opcodes: { readonly getFmap: number; readonly getDaxdev: number };
  /** Number of the FUSE_DAX_FMAP bit in the 64 INIT flags. */
  readonly initBit: number;
  readonly limits: {
    /** FUSE_FAMFS_MAX_EXTENTS and FUSE_FAMFS_MAX_STRIPS. */
    readonly maxExtents: number;
    readonly maxStrips: number;
    /** KMALLOC_MAX_SIZE on x86-64, bytes: a larger kcalloc fails. */
    readonly maxAllocation: number;
    /** Bytes that offsets and lengths must be a multiple of; a power of two. */
    readonly alignment: number;
  };
  readonly errnos: {
    readonly nextentsZero: ErrnoName;
    readonly nextentsLimit: ErrnoName;
  };
  readonly replySize: ReplySizePolicy;
  /** Whether fuse_open only logs what fuse_get_fmap returns. */
  readonly openIgnoresFmap: boolean;
  /** What the resolver does when nothing is found: `empty` is success with length 0 and no device. */
  readonly resolveFailure: "empty";
  /** Slots in the connection's daxdev table. */
  readonly daxdevSlots: number;
}
