import {
  blame,
  FRESH_INODE,
  freeMap,
  installFmap,
  type KernelParser,
  publishedFile,
  type Resolution,
  type Rival,
  resolve,
  type SettledVerdict,
  type Verdict,
  verdictOf,
} from "../../oracles/index.ts";
import {
  ERRNO,
  type Fmap,
  type HazardId,
  holdsIn,
  type Profile,
  type RuleId,
  renderRc,
  rule as ruleOf,
} from "../../spec/index.ts";
import { type Breakdown, isBreakdown } from "../../subjects/driver/breakdown.ts";
import type { DetailedAnswer, Observation, Question, ResolvedAnswer } from "../../subjects/driver/subject.ts";
import { OOPS } from "../../subjects/kernel-source/observation.ts";
import type { FailureKind } from "../run/outcome.ts";
import { type Anomaly, anomaliesIn, LEAK, UNDEFINED } from "./asking/observe.ts";
import { agrees, difference } from "./failures/compare.ts";

/** A way in which an answer is not what the oracle says. */
interface Difference {
  readonly rule: RuleId;
  readonly kind: FailureKind;
  readonly actual: string;
  readonly expectedText?: string;
}

export interface Checked {
  /** The rule that the oracle's verdict rests on. */
  readonly rule: RuleId;
  readonly difference: Difference | null;
  readonly anomalies: readonly Anomaly[];
}

/** What is said of a kernel's parser that ended in an oops. */
export const NO_RETURN = "the parser did not return: a fault or a division by zero";

/** Somebody else's map, for the scenes in which one appears. */
const RIVAL_MAP: Fmap = { fileType: 0, fileSize: 0n, devBitmap: 1n, extType: "simple", extents: [] };

/** Holds one answer against the oracles: verdict, map, inode, resolutions, and what was seen of its inside. */
export function checkAnswer(
  profile: Profile,
  oracle: KernelParser,
  q: Question,
  answer: DetailedAnswer | Breakdown,
): Checked {
  const { message } = q;
  oracle.parse(
    new DataView(message.buffer, message.byteOffset, message.length),
    0,
    message.length,
    q.failAllocation ?? 0,
  );
  const rule = blame(oracle, message);
  if (isBreakdown(answer))
    return { rule, difference: { rule, kind: answer.kind, actual: answer.detail }, anomalies: [] };
  if (answer.rc === OOPS)
    return {
      rule,
      difference: { rule, kind: "crash", actual: NO_RETURN },
      anomalies: [],
    };
  const verdict = verdictOf(oracle, message.length);
  if (verdict.verdict === "unspecified") {
    const kind = answer.rc === oracle.rc ? "map" : "verdict";
    const actual = difference(oracle, answer.rc, answer.map);
    const wrong = !agrees(oracle, answer.rc, answer.map);
    return {
      rule,
      difference: wrong ? { rule, kind, actual } : null,
      anomalies: answer.observation === null ? [] : anomaliesIn(oracle, message.length, answer.observation),
    };
  }
  const scene = sceneExpectation(profile, q, verdict);
  const predicted = scene === null ? oracle.rc : scene.rc;
  const anomalies =
    answer.observation === null ? [] : anomaliesIn(oracle, message.length, answer.observation);
  if (answer.observation !== null) {
    if (installed(profile, q, verdict).hazards.includes("hazard/lost-race-leak"))
      for (const [i, s] of anomalies.entries())
        if (s.what.startsWith(LEAK))
          anomalies[i] = { ...s, rule: "hazard/lost-race-leak", what: `${LEAK}: the map` };
    anomalies.push(...anomaliesOnInode(profile, q, verdict, answer.observation));
  }
  const walk = walkOverflows(profile, q, verdict) ? "hazard/walk-overflow" : null;
  for (const [i, s] of anomalies.entries())
    if (s.what === UNDEFINED && walk !== null) anomalies[i] = { ...s, rule: walk };
  if (scene !== null && answer.rc !== predicted)
    return {
      rule: scene.rule,
      difference: {
        rule: scene.rule,
        kind: "install",
        actual: renderRc(answer.rc),
        expectedText: `${renderRc(predicted)} in scene ${q.scene}`,
      },
      anomalies,
    };
  if (scene === null && !agrees(oracle, answer.rc, answer.map)) {
    const kind = answer.rc === oracle.rc ? "map" : "verdict";
    return { rule, difference: { rule, kind, actual: difference(oracle, answer.rc, answer.map) }, anomalies };
  }
  return (
    checkInode(profile, q, verdict, answer, anomalies) ??
    checkResolutions(profile, q, verdict, answer, anomalies) ?? {
      rule: scene?.rule ?? rule,
      difference: null,
      anomalies,
    }
  );
}

/** What famfs_file_init_dax has to return in a scene; null: what the parser returns. */
function sceneExpectation(
  profile: Profile,
  q: Question,
  verdict: SettledVerdict,
): { rc: number; rule: RuleId } | null {
  const rule = sceneRule(profile, q);
  if (rule === undefined) return null;
  const { errno } = installed(profile, q, verdict);
  return { rc: errno === null ? 0 : -ERRNO[errno], rule };
}

const SCENE_RULES: Partial<Record<NonNullable<Question["scene"]>, RuleId>> = {
  mapped: "install/already-mapped",
  lostRace: "install/lost-race",
  lateRival: "install/set-refused",
};

/** The rule that a scene is about; where the revision looks for no rival under the lock, a late one is like any other. */
function sceneRule(profile: Profile, { scene }: Pick<Question, "scene">): RuleId | undefined {
  const rule = SCENE_RULES[scene ?? "plain"];
  return rule === undefined || holdsIn(ruleOf(rule), profile) ? rule : "install/lost-race";
}

function installed(profile: Profile, q: Question, verdict: SettledVerdict) {
  const before = q.scene === "mapped" ? { ...FRESH_INODE, map: RIVAL_MAP } : FRESH_INODE;
  const rival: Rival =
    q.scene === "lostRace"
      ? { when: "at-lock", map: RIVAL_MAP }
      : q.scene === "lateRival"
        ? { when: "at-set", map: RIVAL_MAP }
        : null;
  return installFmap(profile, before, verdict, rival);
}

/** Hazards of the installation that the scene brings out. */
function anomaliesOnInode(profile: Profile, q: Question, verdict: SettledVerdict, o: Observation): Anomaly[] {
  const { inode, hazards } = installed(profile, q, verdict);
  const freed = q.scene === "evict" ? freeMap(profile, inode) : { hazards: [] };
  const predicted = [...hazards, ...(freed?.hazards ?? [])];
  const anomalies: Anomaly[] = [];
  const add = (hazard: HazardId, what: string) =>
    anomalies.push({ rule: predicted.includes(hazard) ? hazard : null, what, site: 0 });
  const locks = locksOf(o);
  if (locks > 0) add("hazard/inode-left-locked", "the inode stays locked");
  if (locks < 0) add("hazard/unlock-of-unlocked", "an inode is unlocked that was not locked");
  // Where it is not established what famfs_meta_free leaves, nothing is said of it.
  if (o.dangling !== 0 && freed !== null)
    add("hazard/map-left-dangling", "the inode points to a map that was freed");
  return anomalies;
}

/** How often the lock is held; an unlock too many goes below zero, in an unsigned field. */
const locksOf = ({ lockDepth }: Observation): number => lockDepth | 0;

/** The inode after famfs_file_init_dax, where the subject lets us look at it. */
function checkInode(
  profile: Profile,
  q: Question,
  verdict: SettledVerdict,
  answer: DetailedAnswer,
  anomalies: readonly Anomaly[],
): Checked | null {
  const o = answer.observation;
  if (o === null) return null;
  const { inode } = installed(profile, q, verdict);
  const rule: RuleId = sceneRule(profile, q) ?? (answer.rc === 0 ? "install/publish" : "install/parse-error");
  const map = inode.map === null ? 0 : inode.map === RIVAL_MAP ? 2 : 1;
  const wrong: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) wrong.push(`${what} is ${actual}, expected ${expected}`);
  };
  // After eviction only the pointer is left to look at.
  expect("the inode's map (0 none, 1 new, 2 other)", o.mapState, map);
  expect("S_DAX", o.dax, inode.dax ? 1 : 0);
  expect("i_size", o.iSize, inode.iSize ?? UNTOUCHED_SIZE);
  expect("locks held", locksOf(o), inode.locks);
  if (q.scene === "mapped") expect("allocations", o.allocations, 0);
  if (wrong.length === 0) return null;
  const text = { actual: wrong.join("; "), expectedText: "the inode as famfs_file_init_dax leaves it" };
  return { rule, difference: { rule, kind: "install", ...text }, anomalies };
}

/** i_size of an inode that nobody has written to, as the harness sets it. */
const UNTOUCHED_SIZE = 0x5eedn;

function checkResolutions(
  profile: Profile,
  q: Question,
  verdict: Verdict,
  answer: DetailedAnswer,
  anomalies: readonly Anomaly[],
): Checked | null {
  if (verdict.verdict !== "accept" || answer.resolved === null || q.resolve === undefined) return null;
  const { map } = verdict;
  const file = {
    ...publishedFile(map),
    daxdevTable: q.scene !== "noTable",
    dax: q.scene !== "daxCleared",
    iSize: q.scene === "sizeChanged" ? map.fileSize + 1n : map.fileSize,
  };
  for (const [i, [offset, want]] of q.resolve.entries()) {
    const expected = resolve(profile, map, offset, want, file);
    const actual = answer.resolved[i] as ResolvedAnswer;
    if (sameResolution(expected, actual)) continue;
    const rule: RuleId =
      file.daxdevTable && file.dax && file.iSize === map.fileSize
        ? expected.kind === "empty" || expected.kind === "failed"
          ? "resolve/past-end"
          : `resolve/${map.extType}`
        : "resolve/bad-file";
    return {
      rule,
      difference: {
        rule,
        kind: "resolution",
        actual: `${want} bytes at ${offset}: ${renderResolved(actual)}`,
        expectedText: `${want} bytes at ${offset}: ${renderResolution(expected)}`,
      },
      anomalies,
    };
  }
  return null;
}

/** Whether a sum of the resolver's walk overflows for one of the questions. */
function walkOverflows(profile: Profile, q: Question, verdict: Verdict): boolean {
  if (verdict.verdict !== "accept" || q.resolve === undefined) return false;
  return q.resolve.some(([offset, want]) => {
    const r = resolve(profile, verdict.map, offset, want);
    return r.kind !== "unspecified" && r.hazard !== undefined;
  });
}

function sameResolution(expected: Resolution, actual: ResolvedAnswer): boolean {
  if (expected.kind === "unspecified") return true;
  if ("crashed" in actual) return false;
  if (expected.kind === "failed") return "errno" in actual && actual.errno === ERRNO[expected.errno];
  if ("errno" in actual) return false;
  if (expected.kind === "empty") return actual.length === 0n;
  return (
    "devindex" in actual &&
    actual.devindex === expected.devindex &&
    actual.offset === expected.offset &&
    actual.length === expected.length
  );
}

const renderResolution = (r: Resolution): string =>
  r.kind === "mapped"
    ? `daxdev ${r.devindex}, offset ${r.offset}, ${r.length} bytes`
    : r.kind === "empty"
      ? "nothing (success, 0 bytes)"
      : r.kind === "failed"
        ? r.errno
        : `unspecified: ${r.reason}`;

const renderResolved = (r: ResolvedAnswer): string =>
  "errno" in r
    ? renderRc(-r.errno)
    : "crashed" in r
      ? "the resolver did not return: a fault or a division by zero"
      : "devindex" in r
        ? `daxdev ${r.devindex}, offset ${r.offset}, ${r.length} bytes`
        : "nothing (success, 0 bytes)";
