import { build, recipe } from "../../../generators/index.ts";
import {
  type Answer,
  beginExchange,
  continueExchange,
  type Exchange,
  type FailingBuffer,
  FRESH_INODE,
  fetchResult,
  freeMap,
  type InodeState,
  installFmap,
  openResult,
  parseFmap,
  type Rival,
} from "../../../oracles/index.ts";
import { type Fmap, type Profile, renderRc } from "../../../spec/index.ts";
import type { Question } from "../../../subjects/driver/subject.ts";
import { parseText } from "./story.ts";

/** The circumstances of an open(2): the server's replies, and what else happens meanwhile. */
interface Opening {
  /** The circumstances in a few words. */
  readonly when: string;
  /** The server's replies, in order. */
  readonly answers: readonly Answer[];
  readonly failing?: FailingBuffer;
  readonly rival?: Rival;
  readonly missingDaxdev?: boolean;
  readonly mapped?: boolean;
  /** The same circumstances as a scene for kernel source. */
  readonly scene?: NonNullable<Question["scene"]>;
}

/** The divergences of an opening, and its steps. */
export interface Opened extends Pick<Opening, "when" | "scene"> {
  /** The last message that the parser got; empty: it got none. */
  readonly message: Uint8Array;
  readonly ids: readonly string[];
  /** Classes for which no source settles whether the opening has them. */
  readonly unsettled: readonly string[];
  readonly steps: readonly string[];
}

const OTHER_MAP: Fmap = { fileType: 0, fileSize: 0n, devBitmap: 1n, extType: "simple", extents: [] };

/** A reply that is too long for every first buffer. */
const OVERSIZED = new Uint8Array(1 << 16);
/** A message that every revision refuses. */
const REFUSED = new Uint8Array(32);
const sizeReply = (n: number) => ({ payload: new Uint8Array(new Uint32Array([n]).buffer) });

/** The reply with the message: some revisions accept only replies that fill their buffer. */
function filling({ replySize }: Profile, message: Uint8Array): Uint8Array {
  if (replySize.kind !== "exact") return message;
  const reply = new Uint8Array(replySize.first);
  reply.set(message);
  return reply;
}

/** Every branch of the exchange and the installation, the simplest first. */
function openings(profile: Profile): Opening[] {
  const answers = [{ payload: filling(profile, build(recipe({}), profile).bytes) }];
  const rival = (when: "at-lock" | "at-set") => ({ when, map: OTHER_MAP });
  return [
    { when: "the server answers with a map", answers, scene: "evict" },
    {
      when: "the server answers with a message that is refused",
      answers: [{ payload: filling(profile, REFUSED) }],
    },
    { when: "the server answers ENOENT", answers: [{ errno: "ENOENT" }] },
    { when: "the server answers with too many bytes", answers: [{ payload: OVERSIZED }] },
    { when: "the server answers with a size of 0", answers: [sizeReply(0)] },
    { when: "the server asks for 64 bytes, and then for more", answers: [sizeReply(64), sizeReply(128)] },
    { when: "there is no memory for the reply", answers, failing: "first" },
    {
      when: "there is no memory for the larger reply",
      answers: [sizeReply(64), ...answers],
      failing: "retry",
    },
    { when: "the file has a map already", answers, mapped: true },
    { when: "another open installs its map first", answers, rival: rival("at-lock"), scene: "lostRace" },
    {
      when: "another open installs its map against the lock",
      answers,
      rival: rival("at-set"),
      scene: "lateRival",
    },
    { when: "the map's daxdev is not known", answers, missingDaxdev: true },
  ];
}

/** Plays every opening on the profile's kernel. */
export const playOpenings = (profile: Profile): Opened[] =>
  openings(profile).map((opening) => play(profile, opening));

function play(profile: Profile, o: Opening): Opened {
  const ids: string[] = [];
  const unsettled: string[] = [];
  const steps: string[] = [];
  let inode: InodeState = { ...FRESH_INODE, map: o.mapped === true ? OTHER_MAP : null };
  const done = exchange(profile, o, steps);
  const { message } = done.state === "done" ? done : { message: null };
  if (done.state === "crashed") {
    steps.push("the kernel writes through a null pointer");
    ids.push(done.hazard);
  } else {
    if (done.leaked > 0) ids.push("hazard/buffer-leak");
    let rc = done.rc;
    if (message !== null) {
      const verdict = parseFmap(profile, message);
      steps.push(parseText(verdict));
      if (verdict.verdict === "unspecified") return { ...circumstances(o), message, ids, unsettled, steps };
      const installed = installFmap(profile, inode, verdict, o.rival, o.missingDaxdev);
      steps.push(`install: ${installed.errno ?? "success"}`);
      ids.push(...installed.hazards);
      inode = installed.inode;
      rc = fetchResult(profile, installed.errno);
    }
    const opened = openResult(profile, rc);
    steps.push(`open(2): ${renderRc(opened)}, the file ${inode.map === null ? "has no map" : "has a map"}`);
    if (opened === 0 && inode.map === null) ids.push("opens/without-map");
    if (opened !== 0 && inode.map !== null) ids.push("opens/refused-though-mapped");
    if (opened === 0 && inode.mapInError) ids.push("opens/without-daxdev");
    const freed = freeMap(profile, inode);
    if (freed === null) unsettled.push("hazard/map-left-dangling");
    for (const hazard of freed?.hazards ?? []) {
      steps.push("evict: the map is freed");
      ids.push(hazard);
    }
  }
  return { ...circumstances(o), message: message ?? new Uint8Array(), ids, unsettled, steps };
}

const circumstances = ({ when, scene }: Opening) => ({ when, ...(scene === undefined ? {} : { scene }) });

/** Plays the exchange to its end; after its last reply the server replies ENOENT. */
function exchange(profile: Profile, o: Opening, steps: string[]): Exclude<Exchange, { state: "asking" }> {
  const answers = [...o.answers];
  let at = beginExchange(profile, o.mapped === true, o.failing);
  while (at.state === "asking") {
    const answer = answers.shift() ?? { errno: "ENOENT" };
    const reply = "errno" in answer ? answer.errno : `${answer.payload.length} bytes`;
    steps.push(`GET_FMAP, for up to ${at.size} bytes: ${reply}`);
    at = continueExchange(profile, at, answer, o.failing);
  }
  if (at.state === "done" && at.rule !== null)
    steps.push(
      `fuse_get_fmap: ${renderRc(at.rc)} (${at.rule})${at.leaked > 0 ? ", its buffer is not freed" : ""}`,
    );
  return at;
}
