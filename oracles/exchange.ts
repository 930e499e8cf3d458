import {
  ERRNO,
  type ErrnoName,
  fmapHeader,
  type HazardId,
  type Profile,
  type RuleId,
} from "../spec/index.ts";

/** What the server did with a GET_FMAP request. */
export type Answer = { readonly errno: ErrnoName } | { readonly payload: Uint8Array };

/** Which allocation of fuse_get_fmap fails, for want of memory. */
export type FailingBuffer = "first" | "retry" | null;

/** Where the exchange stands: the kernel has sent a request, or has done with it, or has crashed over it. */
export type Exchange =
  | {
      readonly state: "asking";
      /** Bytes of reply that the kernel can take; it says so where the request has a body. */
      readonly size: number;
      readonly retried: boolean;
    }
  | {
      readonly state: "done";
      /** What fuse_get_fmap returns when there is no message; with one, see `fetchResult`. */
      readonly rc: number;
      /** The check that ended it, when it ended without a message for the parser. */
      readonly rule: RuleId | null;
      /** What the parser is handed. */
      readonly message: Uint8Array | null;
      /** Bytes of the buffer that is never freed. */
      readonly leaked: number;
    }
  | { readonly state: "crashed"; readonly hazard: HazardId };

type Asking = Extract<Exchange, { state: "asking" }>;

const ended = (rule: RuleId, errno: ErrnoName | null, leaked = 0): Exchange => ({
  state: "done",
  rc: errno === null ? 0 : -ERRNO[errno],
  rule,
  message: null,
  leaked,
});

const SIZE_REPLY = 4;
const FMAP_SIZE = fmapHeader.offsetOf("reserved0");

const u32 = (bytes: Uint8Array, offset: number) =>
  new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0, true);

/** fuse_get_fmap up to its first request. */
export function beginExchange(
  profile: Profile,
  inodeHasMap: boolean,
  failing: FailingBuffer = null,
): Exchange {
  if (inodeHasMap && !profile.request.again) return ended("exchange/already-mapped", null);
  if (failing === "first")
    return profile.exchange.allocationChecked
      ? ended("exchange/buffer-alloc", profile.errnos.bufferAlloc)
      : { state: "crashed", hazard: "hazard/unchecked-buffer" };
  return { state: "asking", size: profile.replySize.first, retried: false };
}

/** fuse_get_fmap from a server's answer to the next request or to the end. */
export function continueExchange(
  profile: Profile,
  asking: Asking,
  answer: Answer,
  failing: FailingBuffer = null,
): Exchange {
  const { size } = asking;
  const { leaksBuffer } = profile.exchange;
  const lost = leaksBuffer === "never" ? 0 : size;
  if ("errno" in answer) return ended("exchange/server-error", answer.errno, lost);
  const { payload } = answer;
  // The transport refuses what does not fit: the server's write fails with EINVAL, the request with EIO.
  if (payload.length > size) return ended("exchange/oversized-reply", "EIO", lost);
  if (profile.replySize.kind === "exact" && payload.length < size)
    return ended("exchange/exact-size", "EIO", lost);
  const next = resized(profile, asking, payload, failing);
  if (next !== null) return next;
  return {
    state: "done",
    rc: 0,
    rule: null,
    message: payload,
    leaked: leaksBuffer === "always" ? size : 0,
  };
}

/** What a reply that says how large the message is leads to; null: it is the message. */
function resized(
  profile: Profile,
  { size, retried }: Asking,
  payload: Uint8Array,
  failing: FailingBuffer,
): Exchange | null {
  const { replySize, errnos } = profile;
  const again = (needed: number): Exchange =>
    failing === "retry"
      ? ended("exchange/retry-alloc", errnos.bufferAlloc)
      : { state: "asking", size: needed, retried: true };
  if (replySize.kind === "retry-once") {
    if (payload.length !== SIZE_REPLY || retried) return null;
    const needed = u32(payload, 0);
    if (needed < replySize.min || needed > replySize.max) return ended("exchange/size-range", "EIO", size);
    return again(needed);
  }
  if (replySize.kind !== "fmap-size") return null;
  if (payload.length < fmapHeader.size) return ended("exchange/short-reply", "EIO");
  const needed = u32(payload, FMAP_SIZE);
  if (needed <= size) return null;
  if (needed > replySize.max) return ended("exchange/size-limit", "EFBIG");
  if (retried) return ended("exchange/size-grew", "EINVAL");
  return again(needed);
}

/** What fuse_get_fmap returns after famfs_file_init_dax returned `errno` (null: 0) for the message. */
export const fetchResult = (profile: Profile, errno: ErrnoName | null): number =>
  profile.exchange.dropsVerdict || errno === null ? 0 : -ERRNO[errno];

/** What open(2) returns after fuse_get_fmap returned `rc`, for an open that the server itself granted. */
export const openResult = (profile: Profile, rc: number): number =>
  profile.exchange.openIgnoresFmap ? 0 : rc;
