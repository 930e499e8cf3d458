import { SubjectError } from "../../base/errors.ts";
import { misfit } from "../../base/schema-check.ts";
import type { Batch } from "../../generators/index.ts";
import {
  ERRNO,
  type FmapJson,
  hexOf,
  isErrnoName,
  mapFromJson,
  type Needs,
  type RangeJson,
  type RuleId,
  writeMapRecord,
} from "../../spec/index.ts";
import { type Answers, SKIPPED } from "./answers.ts";
import type { Breakdown } from "./breakdown.ts";
import { Conversation, Garbage, type Reader } from "./conversation.ts";
import {
  type DetailedAnswer,
  NO_INODE,
  type ParserSubject,
  type Question,
  type ResolvedAnswer,
  type SubjectDescription,
} from "./subject.ts";

type ResolvedJson = RangeJson | { length: "0" } | { errno: string };
type ReplyJson =
  | { seq: number; verdict: "accept"; map?: FmapJson; resolved?: ResolvedJson[] }
  | { seq: number; verdict: "reject"; errno: string }
  | { seq: number; skipped: string };

/** Longest line: no answer is as long. */
const LONGEST_LINE = 4 << 20;

/** Splits the output into lines and passes each to `line`; the exchange is complete when `line` returns true. */
function lineReader(line: (text: string) => boolean): Reader {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() as string;
    let done = false;
    for (const text of lines) {
      if (done) throw new Garbage(`it said '${text.slice(0, 80)}' after the last answer that was due`);
      done = line(text);
    }
    if (done && rest !== "")
      throw new Garbage(`it said '${rest.slice(0, 80)}' after the last answer that was due`);
    if (rest.length > LONGEST_LINE) throw new Garbage(`a line of more than ${LONGEST_LINE} bytes`);
    return done;
  };
}

function parseLine(schema: "driver-started" | "driver-reply", text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Garbage(`'${text.slice(0, 80)}' is not JSON`);
  }
  const wrong = misfit(schema, value);
  if (wrong !== null) throw new Garbage(`the answer '${text.slice(0, 80)}' does not fit: ${wrong}`);
  return value;
}

function errnoNumber(name: string): number {
  if (!isErrnoName(name)) throw new Garbage(`'${name}' is not a Linux errno`);
  return ERRNO[name];
}

/** A parser that speaks one JSON object a line (docs/driver-protocol.md). */
export class NdjsonSubject implements ParserSubject {
  readonly pace = "line";
  readonly exempt: ReadonlyMap<RuleId, string> = NO_INODE;
  readonly notes: readonly string[] = [];
  readonly description: SubjectDescription;
  private readonly conversation: Conversation;
  private readonly profile: string;
  private seq = 0;
  /** false after an answer without the requested resolutions: the parser does not resolve. */
  private resolves = true;

  constructor(description: SubjectDescription, command: readonly string[], profile: string, timeout: number) {
    this.description = description;
    this.conversation = new Conversation(command, timeout);
    this.profile = profile;
  }

  get abilities(): ReadonlySet<Needs> {
    return new Set<Needs>(this.resolves ? ["message", "resolution"] : ["message"]);
  }

  async start(): Promise<string> {
    await this.conversation.start();
    let implementation = "";
    const hello = lineReader((text) => {
      const { implementation: i } = parseLine("driver-started", text) as {
        implementation: { name: string; version?: string; language?: string };
      };
      implementation = [i.name, i.version, i.language && `(${i.language})`].filter(Boolean).join(" ");
      return true;
    });
    const breakdown = await this.conversation.exchange(Buffer.from('{"cmd":"start","version":1}\n'), hello);
    if (breakdown !== null)
      throw new SubjectError(
        `the driver did not answer {"cmd":"start","version":1}: ${breakdown.detail} (does it speak --protocol ndjson?)`,
      );
    return implementation;
  }

  async ask(batch: Batch, answers: Answers): Promise<void> {
    answers.clear();
    const first = this.seq;
    let lines = "";
    for (let i = 0; i < batch.count; i++) lines += this.request(batch.message(i));
    const reader = lineReader((text) => {
      const reply = this.reply(text, first + answers.count);
      const map = "verdict" in reply && reply.verdict === "accept" && reply.map;
      if (map) {
        const record = writeMapRecord(mapFromJson(map));
        answers.add(0, answers.append(record), record.length);
      } else answers.add(rcOf(reply));
      return answers.count === batch.count;
    });
    answers.breakdown = await this.conversation.exchange(Buffer.from(lines), reader);
  }

  async question(q: Question): Promise<DetailedAnswer | Breakdown> {
    let answer: DetailedAnswer | null = null;
    const seq = this.seq;
    const reader = lineReader((text) => {
      const reply = this.reply(text, seq);
      const accepted = "verdict" in reply && reply.verdict === "accept" ? reply : null;
      if (accepted?.resolved !== undefined && accepted.resolved.length !== (q.resolve?.length ?? 0))
        throw new Garbage(`${accepted.resolved.length} resolutions for ${q.resolve?.length ?? 0} questions`);
      if (accepted !== null && accepted.resolved === undefined && q.resolve !== undefined)
        this.resolves = false;
      answer = {
        rc: rcOf(reply),
        map: accepted?.map ? writeMapRecord(mapFromJson(accepted.map)) : null,
        resolved: accepted?.resolved?.map(resolvedOf) ?? null,
        observation: null,
      };
      return true;
    });
    const breakdown = await this.conversation.exchange(
      Buffer.from(this.request(q.message, q.resolve)),
      reader,
    );
    return breakdown ?? (answer as unknown as DetailedAnswer);
  }

  async restart(): Promise<void> {
    await this.conversation.abandon();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.conversation.stop(Buffer.from('{"cmd":"stop"}\n'));
  }

  private request(message: Uint8Array, resolve?: Question["resolve"]): string {
    const questions = resolve?.map((pair) => pair.map(String));
    const request = {
      cmd: "parse",
      seq: this.seq++,
      profile: this.profile,
      hex: hexOf(message),
    };
    return `${JSON.stringify(questions === undefined ? request : { ...request, resolve: questions })}\n`;
  }

  private reply(text: string, seq: number): ReplyJson {
    const reply = parseLine("driver-reply", text) as ReplyJson;
    if (reply.seq !== seq) throw new Garbage(`the answer to seq ${seq} is for seq ${reply.seq}`);
    return reply;
  }
}

function rcOf(reply: ReplyJson): number {
  if ("skipped" in reply) return SKIPPED;
  return reply.verdict === "accept" ? 0 : -errnoNumber(reply.errno);
}

function resolvedOf(json: ResolvedJson): ResolvedAnswer {
  if ("errno" in json) return { errno: errnoNumber(json.errno) };
  if (!("devindex" in json)) return { length: 0n };
  return { devindex: BigInt(json.devindex), offset: BigInt(json.offset), length: BigInt(json.length) };
}
