import { blame, KernelParser } from "../../oracles/index.ts";
import { getFmapIn, hexOf, type Profile, type RuleId, renderRc } from "../../spec/index.ts";
import {
  type Asked,
  type LiveQuestion,
  type Observed,
  type OpenResult,
  planned,
  SERVER_BYTES,
  SERVER_SIZE,
} from "../../subjects/live-kernel/question.ts";
import type { FailureKind } from "../run/outcome.ts";
import { refusedByTransport } from "./cases.ts";
import type { OpenPrediction } from "./prediction.ts";

/** A difference between the kernel and the prediction. */
export interface LiveDifference {
  readonly rule: RuleId;
  readonly kind: FailureKind;
  readonly expectedText: string;
  readonly actual: string;
}

const EINVAL = 22;
const BYTES = hexOf(SERVER_BYTES);

/** The rule that decides on the question's message, or that ends its exchange. */
export function decidingRule(profile: Profile, { message, endedBy }: OpenPrediction): RuleId | null {
  if (message === null) return endedBy;
  const oracle = new KernelParser(profile);
  oracle.parse(new DataView(message.buffer, message.byteOffset, message.length), 0, message.length);
  return blame(oracle, message);
}

/** Compares the observations of one file with the predictions of its opens; returns the first difference, or null. */
export function checkObserved(
  profile: Profile,
  question: LiveQuestion,
  predictions: readonly OpenPrediction[],
  observed: Observed,
): LiveDifference | null {
  let nth = 0;
  for (const [i, prediction] of predictions.entries()) {
    const asked = observed.asked[i] ?? [];
    const found =
      checkRequests(profile, question, prediction, asked, nth, observed.nodeid, i) ??
      checkOpen(profile, prediction, observed.opens[i] as OpenResult) ??
      checkDaxdevs(prediction, observed.daxdevs[i] ?? []);
    if (found !== null) return found;
    nth += asked.length;
  }
  return null;
}

/** The reply size that the request asks for, or the fault of its body in words. */
function sizeIn({ request, replySize }: Profile, { body }: Asked): number | string {
  if (request.body === "none") return body.length === 0 ? replySize.first : `a body of ${body.length} bytes`;
  if (body.length !== getFmapIn.size) return `a body of ${body.length} bytes`;
  const { size, padding } = getFmapIn.read(body);
  return padding === 0 ? size : `padding of ${padding}`;
}

function checkRequests(
  profile: Profile,
  { plan }: LiveQuestion,
  prediction: OpenPrediction,
  asked: readonly Asked[],
  from: number,
  nodeid: bigint,
  open: number,
): LiveDifference | null {
  const different = (rule: RuleId, expectedText: string, actual: string): LiveDifference => ({
    rule,
    kind: "exchange",
    expectedText,
    actual,
  });
  const { sizes } = prediction;
  const askedSizes = asked.map((a) => sizeIn(profile, a));
  if (String(askedSizes) !== String(sizes)) {
    const rule = requestRule(profile, prediction, askedSizes, open);
    return different(rule, requestsText(sizes), requestsText(askedSizes));
  }
  for (const [i, a] of asked.entries()) {
    if (a.nodeid !== nodeid) return different(firstRule(profile), `nodeid ${nodeid}`, `nodeid ${a.nodeid}`);
    const refused = refusedByTransport(profile, sizes[i] as number, planned(plan, from + i));
    if (a.writeErrno !== (refused ? EINVAL : 0))
      return different(
        profile.replySize.kind === "exact" ? "exchange/exact-size" : "exchange/oversized-reply",
        `the write of the reply comes to ${refused ? "EINVAL" : "success"}`,
        renderRc(-a.writeErrno),
      );
  }
  return null;
}

/** The rules broken by too few and by too many requests, for each way of learning the reply's size. */
const ASKING: Readonly<Record<Profile["replySize"]["kind"], readonly [RuleId, RuleId]>> = {
  exact: ["exchange/exact-size", "exchange/exact-size"],
  single: ["exchange/no-size-reply", "exchange/no-size-reply"],
  "retry-once": ["exchange/size-range", "exchange/retry-once"],
  "fmap-size": ["exchange/size-asked", "exchange/size-grew"],
};

/** The rule that the differing requests break. */
function requestRule(
  profile: Profile,
  { sizes, endedBy }: OpenPrediction,
  askedSizes: readonly (number | string)[],
  open: number,
): RuleId {
  if (open > 0 && (sizes.length === 0) !== (askedSizes.length === 0)) return "exchange/already-mapped";
  if (askedSizes[0] !== sizes[0]) return firstRule(profile);
  const [seldom, often] = ASKING[profile.replySize.kind];
  return askedSizes.length > sizes.length ? (endedBy ?? often) : seldom;
}

/** The rule that a malformed first request breaks. */
const firstRule = ({ request }: Profile): RuleId =>
  request.body === "none" ? "exchange/no-body" : "exchange/first-size";

const requestsText = (sizes: readonly (number | string)[]): string =>
  sizes.length === 0 ? "no GET_FMAP request" : `GET_FMAP for ${sizes.join(", then ")} bytes`;

function checkOpen(
  profile: Profile,
  prediction: OpenPrediction,
  observed: OpenResult,
): LiveDifference | null {
  const { rc, inode, message } = prediction;
  const size = inode.iSize === null ? SERVER_SIZE : BigInt.asUintN(64, inode.iSize);
  const expectedText = outcomeText(rc, size);
  const actual = outcomeText(observed.rc, observed.size);
  const difference = (rule: RuleId | null, kind: FailureKind): LiveDifference => ({
    rule: rule ?? "install/publish",
    kind,
    expectedText,
    actual,
  });
  const decided = decidingRule(profile, prediction);
  const mapped = inode.map !== null;
  const sawMap = observed.size !== SERVER_SIZE;
  if (mapped !== sawMap) {
    // No map and the server's size: the deciding rule failed. Another size without a map: the inode was changed wrongly.
    const touched = sawMap && message === null;
    return difference(touched ? "install/parse-error" : decided, touched ? "install" : "verdict");
  }
  if (observed.rc !== rc) return difference(wrongResult(profile, prediction, observed, decided), "verdict");
  if (observed.size !== size) return difference("install/publish", "install");
  if (observed.read !== null && observed.read !== BYTES)
    return {
      rule: "install/parse-error",
      kind: "install",
      expectedText: "a file without a map is read through the server",
      actual: `read(2) gives ${observed.read || "nothing"}`,
    };
  return null;
}

/** The rule that a wrong result of open(2) breaks if the file correctly has a map, or none. */
function wrongResult(
  { exchange }: Profile,
  { rc, inode, message, daxdevs, sizes }: OpenPrediction,
  observed: OpenResult,
  decided: RuleId | null,
): RuleId | null {
  if (inode.map !== null) {
    if (sizes.length === 0) return "exchange/already-mapped";
    return daxdevs.length > 0 ? "exchange/daxdev-failure" : "install/publish";
  }
  if (rc !== 0) return observed.rc === 0 ? "exchange/open-fails" : decided;
  return message !== null && exchange.dropsVerdict ? "exchange/result-dropped" : "exchange/open-ignores";
}

const outcomeText = (rc: number, size: bigint): string =>
  `open(2) ${renderRc(rc)}, st_size ${size === SERVER_SIZE ? "as the server said" : size}`;

function checkDaxdevs({ daxdevs }: OpenPrediction, observed: readonly bigint[]): LiveDifference | null {
  if (String(daxdevs) === String(observed)) return null;
  const text = (list: readonly bigint[]) =>
    list.length === 0 ? "no GET_DAXDEV" : `GET_DAXDEV for ${list.join(", ")}`;
  return {
    rule: "exchange/daxdev-asked",
    kind: "exchange",
    expectedText: text(daxdevs),
    actual: text(observed),
  };
}
