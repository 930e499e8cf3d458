import { beginExchange, continueExchange, type Exchange } from "../../../oracles/index.ts";
import { fmapHeader, hexOf, type RuleId } from "../../../spec/index.ts";
import type { Evidence } from "../../../subjects/daemon/evidence.ts";
import { describe, type Kernel, type Result } from "../kernel.ts";

/** What the exchange for one file's map came to. */
export interface Fetched {
  /** What the kernel's parser is handed; null: the exchange ended without a message. */
  readonly message: Uint8Array | null;
  /** The daemon answered with this positive errno. */
  readonly errno: number | null;
  /** Why the file could not be opened, so that no map was asked for; missing: it could, or needs not be. */
  readonly unopened?: string;
  /** What broke the size protocol; null: nothing. */
  readonly sizeFault: string | null;
  /** Why there is no answer that a kernel would read. */
  readonly unusable?: string;
  /** Whether the size protocol was used. */
  readonly resized: boolean;
  /** The last request and its answer. */
  readonly evidence?: () => Evidence;
}

const SIZE_REPLY = 4;

/** Fetches a regular file's map as the profile's kernel does: most revisions ask in open(2), behind OPEN. */
export async function fetchFmap(kernel: Kernel, nodeid: bigint): Promise<Fetched> {
  if (kernel.profile.request.hook !== "open") return askForFmap(kernel, nodeid);
  const opened = await kernel.open(nodeid);
  if (!("value" in opened)) {
    const errno = "errno" in opened ? opened.errno : null;
    return { message: null, errno, sizeFault: null, resized: false, unopened: `OPEN: ${describe(opened)}` };
  }
  const fetched = await askForFmap(kernel, nodeid);
  await kernel.release(nodeid, opened.value);
  return fetched;
}

/** The exchange of GET_FMAP alone, as fuse_get_fmap of the profile makes it, of whatever nodeid. */
export async function askForFmap(kernel: Kernel, nodeid: bigint): Promise<Fetched> {
  const { profile } = kernel;
  let exchange: Exchange = beginExchange(profile, false);
  let resized = false;
  let last: Result<Uint8Array> | null = null;
  const ended = (sizeFault: string | null, errno: number | null = null): Fetched => ({
    message: null,
    errno,
    sizeFault,
    resized,
    ...(last?.evidence === undefined ? {} : { evidence: last.evidence }),
  });
  while (exchange.state === "asking") {
    const { size } = exchange;
    resized = exchange.retried;
    const answer = await kernel.getFmap(nodeid, size);
    last = answer;
    if ("unusable" in answer) return { ...ended(null), unusable: answer.unusable };
    if ("errno" in answer) return ended(null, answer.errno);
    const payload = answer.value;
    exchange = continueExchange(profile, exchange, { payload });
    if (exchange.state !== "done") continue;
    if (exchange.rule !== null) return ended(complaint(exchange.rule, payload, size));
    if (profile.replySize.kind === "retry-once" && resized && payload.length === SIZE_REPLY)
      return ended("a second 4-byte reply in place of the map");
    return { ...ended(null), message: payload };
  }
  return ended(null);
}

const FMAP_SIZE = fmapHeader.offsetOf("reserved0");

/** How a reply of this length to a buffer of `size` bytes broke the size protocol. */
function complaint(rule: RuleId, payload: Uint8Array, size: number): string {
  const asksFor = (at: number) =>
    `it asks for ${new DataView(payload.buffer, payload.byteOffset).getUint32(at, true)} bytes`;
  switch (rule) {
    case "exchange/size-range":
      return asksFor(0);
    case "exchange/size-limit":
      return asksFor(FMAP_SIZE);
    case "exchange/size-grew":
      return `${asksFor(FMAP_SIZE)}, after it was given what it had asked for`;
    case "exchange/short-reply":
      return `a reply of ${payload.length} bytes, less than a header`;
    default:
      return `a reply of ${payload.length} bytes to a buffer of ${size}`;
  }
}

/** The request as evidence; its answer is kept separately, as the message without its header. */
export const requestOf = ({ evidence }: Fetched): Partial<Pick<Evidence, "request">> =>
  evidence === undefined ? {} : { request: evidence().request };

/** The request, and the map's message where one came. */
export const mapEvidence = (fetched: Fetched): Partial<Evidence> => ({
  ...requestOf(fetched),
  ...(fetched.message && { reply: hexOf(fetched.message) }),
});

/** In a few words what a fetch without a message came to. */
export function describeFetch(f: Fetched): string {
  if (f.unopened !== undefined) return f.unopened;
  if (f.errno !== null) return describe({ errno: f.errno });
  return f.sizeFault ?? (f.message === null ? (f.unusable ?? "no usable answer") : "a map");
}
