import {
  beginExchange,
  continueExchange,
  daxdevsToPull,
  EMPTY_TABLE,
  type Exchange,
  FRESH_INODE,
  fetchResult,
  type InodeState,
  installFmap,
  openResult,
  parseFmap,
  type Verdict,
} from "../../oracles/index.ts";
import { fmapHeader, type HazardId, type Profile, type RuleId } from "../../spec/index.ts";
import { type Plan, planned } from "../../subjects/live-kernel/question.ts";
import { sizeReply } from "../../subjects/reference/fmap-requests.ts";

/** The predicted result of one open(2). */
export interface OpenPrediction {
  /** 0 or a negative errno. */
  readonly rc: number;
  /** The reply size of each GET_FMAP request in bytes. */
  readonly sizes: readonly number[];
  /** Daxdevs that the kernel asks for, in order. */
  readonly daxdevs: readonly bigint[];
  readonly inode: InodeState;
  /** The parser's verdict; null: it got no message. */
  readonly verdict: Verdict | null;
  /** The message that the parser got. */
  readonly message: Uint8Array | null;
  /** The check that ended the exchange without a message. */
  readonly endedBy: RuleId | null;
  /** The hazards that leak memory. */
  readonly leaks: readonly HazardId[];
}

/**
 * The result of opening a file if the server replies by the plan, for a kernel of the profile. null: no source settles it.
 */
function predictOpen(profile: Profile, plan: Plan, inode: InodeState = FRESH_INODE): OpenPrediction | null {
  const sizes: number[] = [];
  let at: Exchange = beginExchange(profile, inode.map !== null);
  while (at.state === "asking") {
    at = continueExchange(profile, at, planned(plan, sizes.push(at.size) - 1));
  }
  // A crash needs a failing allocation, and no allocation fails here.
  if (at.state === "crashed") return null;
  const buffer: readonly HazardId[] = at.leaked > 0 ? ["hazard/buffer-leak"] : [];
  const common = { sizes, message: at.message, endedBy: at.rule, leaks: buffer };
  if (at.message === null)
    return { ...common, rc: openResult(profile, at.rc), daxdevs: [], inode, verdict: null };
  const verdict = parseFmap(profile, at.message);
  if (verdict.verdict === "unspecified") return null;
  const installed = installFmap(profile, inode, verdict);
  const { map } = installed.inode;
  return {
    ...common,
    rc: openResult(profile, fetchResult(profile, installed.errno)),
    daxdevs: inode.map === null && map !== null ? daxdevsToPull(profile, map, EMPTY_TABLE) : [],
    inode: installed.inode,
    verdict,
    leaks: [...buffer, ...verdict.hazards.map((h) => h.rule).filter((id) => id === "hazard/strips-leak")],
  };
}

/** The results of several opens of the same file, one after the other. */
export function predictOpens(profile: Profile, plan: Plan, opens: number): OpenPrediction[] | null {
  const predictions: OpenPrediction[] = [];
  for (let asked = 0; predictions.length < opens; ) {
    const rest = plan.slice(Math.min(asked, plan.length - 1)) as unknown as Plan;
    const next = predictOpen(profile, rest, predictions.at(-1)?.inode);
    if (next === null) return null;
    asked += next.sizes.length;
    predictions.push(next);
  }
  return predictions;
}

/** The bytes, cut or padded with zeros to that length. */
export function padded(bytes: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length);
  longer.set(bytes.subarray(0, length));
  return longer;
}

/** The replies with which a daemon of the profile delivers a message to the parser. */
export function planFor({ replySize }: Profile, message: Uint8Array): Plan {
  const { kind, first } = replySize;
  const whole = { payload: kind === "exact" && message.length < first ? padded(message, first) : message };
  if (message.length <= first || kind === "exact" || kind === "single") return [whole];
  return kind === "retry-once"
    ? [{ payload: sizeReply(message.length) }, whole]
    : [{ payload: message.subarray(0, fmapHeader.size) }, whole];
}
