import {
  ERRNO,
  type ErrnoName,
  fmapHeader,
  type HazardId,
  type Profile,
  type RuleId,
} from "../spec/index.ts";

/** A server's reply to a GET_FMAP request. */
export type Answer = { readonly errno: ErrnoName } | { readonly payload: Uint8Array };

/** The allocation of fuse_get_fmap that fails because there is no memory. */
export type FailingBuffer = "first" | "retry" | null;

/** The state of the exchange: the kernel has sent a request, has finished, or has crashed. */
export type Exchange =
  | {
      readonly state: "asking";
      /** Bytes of reply that the kernel accepts; a request with a body contains this number. */
      readonly size: number;
      readonly retried: boolean;
    }
  | {
      readonly state: "done";
      /** The return value of fuse_get_fmap if there is no message; otherwise see `fetchResult`. */
      readonly rc: number;
      /** The check that ended the exchange without a message for the parser. */
      readonly rule: RuleId | null;
      /** The message that the parser gets. */
      readonly message: Uint8Array | null;
      /** Bytes of the buffer that fuse_get_fmap never frees. */
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

/** fuse_get_fmap until its first request. */
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

/** fuse_get_fmap from a server's reply until the next request or the end. */
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
  // The transport refuses a reply that is too long: the server's write fails with EINVAL, the request with EIO.
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

/** The next state after a reply that names the size of the message; null: the reply is the message. */
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

/** The return value of fuse_get_fmap if famfs_file_init_dax returned `errno` (null: 0) for the message. */
export const fetchResult = (profile: Profile, errno: ErrnoName | null): number =>
  profile.exchange.dropsVerdict || errno === null ? 0 : -ERRNO[errno];

/** The return value of open(2) if the server granted the open and fuse_get_fmap returned `rc`. */
export const openResult = (profile: Profile, rc: number): number =>
  profile.exchange.openIgnoresFmap ? 0 : rc;
