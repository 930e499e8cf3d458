import { ERRNO, type ErrnoName, type Profile, type RuleId } from "../spec/index.ts";

/** What the server did with a GET_FMAP request. */
export type Answer = { readonly errno: ErrnoName } | { readonly payload: Uint8Array };

/** Which allocation of fuse_get_fmap fails, for want of memory. */
export type FailingBuffer = "first" | "retry" | null;

/** Where the exchange stands: the kernel has sent a request, or has done with it. */
export type Exchange =
  | {
      readonly state: "asking";
      /** Bytes of reply that the kernel says it can take. */
      readonly size: number;
      readonly retried: boolean;
    }
  | {
      readonly state: "done";
      /** What fuse_get_fmap returns. */
      readonly rc: number;
      /** The check that ended it, when it ended without a message for the parser. */
      readonly rule: RuleId | null;
      /** What the parser is handed; its verdict is dropped. */
      readonly message: Uint8Array | null;
      /** Bytes of the buffer that is never freed. */
      readonly leaked: number;
    };

const ended = (rule: RuleId, rc: number, leaked = 0): Exchange => ({
  state: "done",
  rc,
  rule,
  message: null,
  leaked,
});

/** fuse_get_fmap up to its first request. */
export function beginExchange(
  profile: Profile,
  inodeHasMap: boolean,
  failing: FailingBuffer = null,
): Exchange {
  if (inodeHasMap) return ended("exchange/already-mapped", 0);
  if (failing === "first") return ended("exchange/buffer-alloc", -ERRNO.EIO);
  return { state: "asking", size: profile.replySize.first, retried: false };
}

/** fuse_get_fmap from a server's answer to the next request or to the end. */
export function continueExchange(
  profile: Profile,
  asking: Extract<Exchange, { state: "asking" }>,
  answer: Answer,
  failing: FailingBuffer = null,
): Exchange {
  const { size, retried } = asking;
  if ("errno" in answer) return ended("exchange/server-error", -ERRNO[answer.errno], size);
  const { payload } = answer;
  // The transport refuses what does not fit: the server's write fails with EINVAL, the request with EIO.
  if (payload.length > size) return ended("exchange/oversized-reply", -ERRNO.EIO, size);
  if (payload.length === 4 && !retried) {
    const needed = new DataView(payload.buffer, payload.byteOffset, 4).getUint32(0, true);
    const { min, max } = profile.replySize;
    if (needed < min || needed > max) return ended("exchange/size-range", -ERRNO.EIO, size);
    if (failing === "retry") return ended("exchange/retry-alloc", -ERRNO.EIO);
    return { state: "asking", size: needed, retried: true };
  }
  return { state: "done", rc: 0, rule: null, message: payload, leaked: 0 };
}

/** What open(2) returns after fuse_get_fmap returned `rc`, for an open that the server itself granted. */
export const openResult = (profile: Profile, rc: number): number => (profile.openIgnoresFmap ? 0 : rc);
