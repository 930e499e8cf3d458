import { type Answer, continueExchange } from "../../oracles/index.ts";
import {
  type ErrnoName,
  encodeFmap,
  fmapHeader,
  holdsIn,
  MIB2,
  type Profile,
  type RuleId,
  rule,
} from "../../spec/index.ts";
import type { LiveQuestion, Plan } from "../../subjects/live-kernel/question.ts";
import { sizeReply } from "../../subjects/reference/fmap-requests.ts";
import { padded } from "./prediction.ts";

/** A question about the exchange, and the rule that it tests. */
export interface ExchangeCase extends LiveQuestion {
  readonly rule: RuleId;
}

/** The smallest useful message: one extent. `fileSize`: bytes. */
export const smallest = (profile: Profile, fileSize = MIB2): Uint8Array => {
  const message = encodeFmap({
    fileType: 0,
    fileSize,
    devBitmap: 1n,
    extType: "simple",
    extents: [{ devindex: 0n, offset: 0n, length: MIB2 }],
  });
  return profile.fmapSizeField ? sized(message, message.length) : message;
};

/** A copy of the message, or of its beginning, with this fmap_size. */
function sized(message: Uint8Array, size: number): Uint8Array {
  const copy = message.slice();
  new DataView(copy.buffer).setUint32(fmapHeader.offsetOf("reserved0"), size, true);
  return copy;
}

const refusing = (errno: ErrnoName): Answer => ({ errno });
const replying = (payload: Uint8Array): Answer => ({ payload });
const naming = (size: number): Answer => replying(sizeReply(size));

/** Errnos for a server's replies. Not ESTALE, because open(2) then tries again (fs/namei.c, do_filp_open). */
const SERVER_ERRNOS = [
  "EPERM",
  "ENOENT",
  "EIO",
  "ENOMEM",
  "EACCES",
  "EINVAL",
  "EFBIG",
  "ENOSYS",
  "ENXIO",
] as const;

/** Every course of an exchange of this profile, except messages that the parser refuses. */
export function exchangeCases(profile: Profile): ExchangeCase[] {
  const { first } = profile.replySize;
  const good = smallest(profile);
  const found: ExchangeCase[] = [];
  const add = (rule: RuleId, plan: Plan, more: Partial<LiveQuestion> = {}) =>
    found.push({ rule, plan, opens: 1, daxdev: refusing("ENODEV"), ...more });

  const fits = profile.replySize.kind === "exact" ? padded(good, first) : good;
  for (const rule of [
    "install/publish",
    "exchange/first-size",
    "exchange/no-body",
    "exchange/daxdev-asked",
  ] as const)
    add(rule, [replying(fits)]);
  const empty = replying(new Uint8Array(profile.replySize.kind === "exact" ? first : fmapHeader.size));
  for (const rule of ["install/parse-error", "exchange/result-dropped"] as const) add(rule, [empty]);
  for (const rule of ["exchange/open-ignores", "exchange/open-fails"] as const) add(rule, [refusing("EIO")]);
  add("exchange/already-mapped", [replying(fits)], { opens: 2 });
  for (const errno of SERVER_ERRNOS) add("exchange/server-error", [refusing(errno)]);
  add("exchange/server-error", [refusing("EIO"), replying(fits)], { opens: 2 });
  for (const length of [first + 1, first + 24, 2 * first])
    add("exchange/oversized-reply", [replying(padded(good, length))]);
  add("install/publish", [replying(padded(good, first))]);
  add("exchange/daxdev-failure", [replying(fits)], { daxdev: refusing("EIO") });
  for (const length of [0, 279, 280, 281])
    add("exchange/daxdev-failure", [replying(fits)], { daxdev: replying(padded(NO_DAXDEV, length)) });
  for (const c of sizeCases(profile, good)) add(c.rule, c.plan);
  return found.filter((c) => holdsIn(rule(c.rule), profile));
}

/** A fuse_daxdev_out with the name of something that is not a dax device. */
const NO_DAXDEV = (() => {
  const out = new Uint8Array(280);
  out.set(Buffer.from("/dev/null"), 24);
  return out;
})();

function sizeCases({ replySize: policy }: Profile, good: Uint8Array): { rule: RuleId; plan: Plan }[] {
  const { first, max } = policy;
  const found: { rule: RuleId; plan: Plan }[] = [];
  const add = (rule: RuleId, ...plan: Plan) => found.push({ rule, plan });
  if (policy.kind === "exact")
    for (const length of [0, 4, good.length, first - 1])
      add("exchange/exact-size", replying(padded(good, length)));
  if (policy.kind === "single") {
    for (const size of [0, good.length, first, 2 * first])
      add("exchange/no-size-reply", naming(size), replying(good));
  }
  if (policy.kind === "retry-once") {
    for (const size of [0, 4, policy.min - 1, max + 1, 2 ** 31, 2 ** 32 - 1])
      add("exchange/size-range", naming(size), replying(good));
    for (const size of [policy.min, policy.min + 1, first - 1, first, first + 1, max])
      add("exchange/size-range", naming(size), replying(padded(good, size)));
    add("exchange/retry-once", naming(first), naming(first));
    add("exchange/oversized-reply", naming(policy.min), replying(padded(good, policy.min + 1)));
    add("exchange/server-error", naming(2 * first), refusing("ENXIO"));
  }
  if (policy.kind === "fmap-size") {
    const head = (size: number) => replying(sized(good.subarray(0, fmapHeader.size), size));
    for (const length of [0, 4, fmapHeader.size - 1])
      add("exchange/short-reply", replying(padded(good, length)));
    for (const size of [first + 1, 2 * first, max])
      add("exchange/size-asked", head(size), replying(sized(padded(good, size), size)));
    for (const size of [max + 1, 2 ** 32 - 1]) add("exchange/size-limit", head(size), replying(good));
    add("exchange/size-grew", head(2 * first), head(2 * first + 1));
    add("exchange/oversized-reply", head(2 * first), replying(padded(good, 2 * first + 1)));
    add("exchange/server-error", head(2 * first), refusing("ENXIO"));
    for (const size of [0, good.length - 1, good.length + 1, first])
      add("install/publish", replying(sized(good, size)));
  }
  return found;
}

/** Whether the transport refuses the reply, because it is too long or, if required, not exactly as long as requested. */
export const refusedByTransport = (profile: Profile, size: number, answer: Answer): boolean => {
  const next = continueExchange(profile, { state: "asking", size, retried: false }, answer);
  return (
    next.state === "done" && (next.rule === "exchange/oversized-reply" || next.rule === "exchange/exact-size")
  );
};
