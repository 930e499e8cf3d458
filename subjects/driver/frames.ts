import type { Batch } from "../../generators/index.ts";
import type { Needs, RuleId } from "../../spec/index.ts";
import { OOPS } from "../kernel-source/observation.ts";
import type { Answers } from "./answers.ts";
import type { Breakdown } from "./breakdown.ts";
import { Conversation, Garbage } from "./conversation.ts";
import {
  type DetailedAnswer,
  NO_EXEMPTION,
  type ParserSubject,
  type Question,
  type SubjectDescription,
} from "./subject.ts";

/** The largest errno a kernel knows (MAX_ERRNO). */
const MAX_ERRNO = 4095;
const LENGTH = 4;
const RC = 4;

/** Longest reply in bytes: much longer than any map of a message, even a wrong map. */
const LONGEST_REPLY = 4 << 20;

/** The end of the reply frame at byte `at`, or 0 if it is incomplete. Throws Garbage for an impossible length. */
function frameEnd(view: DataView, at: number, end: number): number {
  if (end - at < LENGTH) return 0;
  const length = view.getUint32(at, true);
  if (length < RC || length > LONGEST_REPLY)
    throw new Garbage(
      `a reply frame says it is ${length} bytes long; ${RC} to ${LONGEST_REPLY} are possible`,
    );
  return end - at < LENGTH + length ? 0 : at + LENGTH + length;
}

function readRc(view: DataView, at: number): number {
  const rc = view.getInt32(at, true);
  if (rc > 0 || (rc < -MAX_ERRNO && rc !== OOPS))
    throw new Garbage(`rc ${rc} is neither 0 nor a negative errno`);
  return rc;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** One exchange at a time; the methods are those of Conversation. */
type Channel = Pick<Conversation, "start" | "exchange" | "stop" | "abandon">;

/** A parser that speaks length-prefixed frames over stdin and stdout: many requests in flight, answers in order. */
export class FramesSubject implements ParserSubject {
  readonly pace = "bulk";
  readonly abilities: ReadonlySet<Needs> = new Set<Needs>(["message"]);
  readonly exempt: ReadonlyMap<RuleId, string> = NO_EXEMPTION;
  readonly notes: readonly string[] = [];
  readonly description: SubjectDescription;
  protected readonly conversation: Channel;
  /** Bytes of the observation behind each reply. */
  protected readonly trailer: number = 0;

  /** `channel`: how to talk to it, or the command of a program that talks on stdin and stdout. */
  constructor(description: SubjectDescription, channel: Channel | readonly string[], timeout: number) {
    this.description = description;
    this.conversation = "exchange" in channel ? channel : new Conversation(channel, timeout);
  }

  async start(): Promise<string> {
    await this.conversation.start();
    return this.description.kind === "embedded"
      ? "the suite's own oracle, as a driver"
      : "a parser that speaks frames";
  }

  async ask(batch: Batch, answers: Answers): Promise<void> {
    answers.clear();
    let at = 0;
    answers.breakdown = await this.conversation.exchange(batch.frames, (chunk) => {
      answers.append(chunk);
      while (answers.count < batch.count) {
        const { view, end } = answers;
        const next = frameEnd(view, at, end);
        if (next === 0) return false;
        const rc = readRc(view, at + LENGTH);
        const map = at + LENGTH + RC;
        const mapLength = next - this.trailer - map;
        if (mapLength < 0 || (rc !== 0 && mapLength > 0))
          throw new Garbage(`a reply with rc ${rc} is ${next - at - LENGTH} bytes long`);
        answers.add(rc, map, mapLength, this.trailer > 0 ? next - this.trailer : -1);
        at = next;
      }
      if (at < answers.end)
        throw new Garbage(`${answers.end - at} bytes follow the last answer that was due`);
      return true;
    });
  }

  async question(q: Question): Promise<DetailedAnswer | Breakdown> {
    let answer: DetailedAnswer | null = null;
    let inbox = Buffer.alloc(0);
    const breakdown = await this.conversation.exchange(this.encode(q), (chunk) => {
      inbox = Buffer.concat([inbox, chunk]);
      const end = frameEnd(viewOf(inbox), 0, inbox.length);
      if (end === 0) return false;
      if (end < inbox.length) throw new Garbage(`${inbox.length - end} bytes follow the answer`);
      answer = this.decode(inbox.subarray(LENGTH, end), q);
      return true;
    });
    return breakdown ?? (answer as unknown as DetailedAnswer);
  }

  async restart(): Promise<void> {
    await this.conversation.abandon();
    await this.conversation.start();
  }

  async stop(): Promise<void> {
    await this.conversation.stop();
  }

  protected encode(q: Question): Uint8Array {
    const bytes = new Uint8Array(LENGTH + q.message.length);
    new DataView(bytes.buffer).setUint32(0, q.message.length, true);
    bytes.set(q.message, LENGTH);
    return bytes;
  }

  protected decode(reply: Uint8Array, _q: Question): DetailedAnswer {
    const rc = readRc(viewOf(reply), 0);
    if (rc !== 0 && reply.length > RC)
      throw new Garbage(`a reply with rc ${rc} is ${reply.length} bytes long`);
    return { rc, map: reply.length > RC ? reply.slice(RC) : null, resolved: null, observation: null };
  }
}
