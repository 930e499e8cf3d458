import type { Batch } from "../../generators/index.ts";
import {
  ERRNO,
  type ErrnoName,
  type Fmap,
  isErrnoName,
  type Needs,
  type RuleId,
  writeMapRecord,
} from "../../spec/index.ts";
import { type Answers, REFUSED, SKIPPED } from "./answers.ts";
import { type Breakdown, isBreakdown } from "./breakdown.ts";
import {
  type DetailedAnswer,
  NO_INODE,
  type ParserSubject,
  type Question,
  type ResolvedAnswer,
  type SubjectDescription,
} from "./subject.ts";

/** The memory of a file range: `length` bytes of a daxdev, or none (success, nothing mapped), or an errno. */
export type ResolvedRange =
  | {
      /** Index of the daxdev. */
      readonly devindex: bigint;
      /** Byte of the daxdev. */
      readonly offset: bigint;
      /** Number of bytes. */
      readonly length: bigint;
    }
  | {
      /** Nothing is mapped there, which is not an error. */
      readonly length: 0n;
    }
  | {
      /** Resolving failed. */
      readonly errno: ErrnoName;
    };

/** A parser's answer for one message. A `Verdict` is one, too. Missing parts are not compared. */
export type ParserAnswer =
  | {
      /** The parser accepts the message. */
      readonly verdict: "accept";
      /** The parser's map of the message. */
      readonly map?: Fmap;
      /** Resolves `length` bytes at byte `offset` of the file, both below 2^63. */
      readonly resolve?: (offset: bigint, length: bigint) => ResolvedRange;
    }
  | {
      /** The parser refuses the message. */
      readonly verdict: "reject";
      /** Why. */
      readonly errno?: ErrnoName;
    }
  | {
      /** The parser does not judge such a message; the run leaves it out. */
      readonly verdict: "unspecified";
    };

/** A parser as a function in this process: the bytes of one message in, its answer out. */
export type ParserFunction = (message: Uint8Array) => ParserAnswer | Promise<ParserAnswer>;

const text = (thrown: unknown) =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `${thrown}`;

const garbage = (detail: string): Breakdown => ({ kind: "garbage", detail });

const LATE = Symbol("late");

/**
 * A parser in this process. An exception is a crash, and a promise has a deadline. A function that never returns cannot be
 * stopped.
 */
export class FunctionSubject implements ParserSubject {
  readonly pace = "line";
  readonly exempt: ReadonlyMap<RuleId, string> = NO_INODE;
  readonly notes: readonly string[] = [];
  readonly description: SubjectDescription;
  private readonly parse: ParserFunction;
  private readonly timeout: number;
  /** false after an answer without the requested resolutions: the parser does not resolve. */
  private resolves = true;

  /** `timeout`: milliseconds, for a parser that returns a promise. */
  constructor(parse: ParserFunction, timeout: number) {
    this.description = { kind: "function", name: parse.name || "anonymous" };
    this.parse = parse;
    this.timeout = timeout;
  }

  get abilities(): ReadonlySet<Needs> {
    return new Set<Needs>(this.resolves ? ["message", "resolution"] : ["message"]);
  }

  start(): Promise<string> {
    return Promise.resolve(`the function ${this.parse.name || "under test"}`);
  }

  async ask(batch: Batch, answers: Answers): Promise<void> {
    answers.clear();
    for (let i = 0; i < batch.count; i++) {
      const answer = await this.question({ message: batch.message(i) });
      if (isBreakdown(answer)) {
        answers.breakdown = answer;
        return;
      }
      const { rc, map } = answer;
      if (map === null) answers.add(rc);
      else answers.add(rc, answers.append(map), map.length);
    }
  }

  async question(q: Question): Promise<DetailedAnswer | Breakdown> {
    try {
      // A copy, because a parser may overwrite its input.
      const returned = await this.inTime(this.parse(q.message.slice()));
      if (returned === LATE) return { kind: "hang", detail: `no answer in ${this.timeout} ms` };
      const answer = readAnswer(returned, q.resolve);
      if (!isBreakdown(answer) && answer.rc === 0 && answer.resolved === null && q.resolve !== undefined)
        this.resolves = false;
      return answer;
    } catch (thrown) {
      return { kind: "crash", detail: `it threw ${text(thrown)}` };
    }
  }

  restart(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  private async inTime(answer: ParserAnswer | Promise<ParserAnswer>): Promise<ParserAnswer | typeof LATE> {
    if (!(answer instanceof Promise)) return answer;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof LATE>((settle) => {
      timer = setTimeout(() => settle(LATE), this.timeout);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Reads an answer, with a resolution for each question if the parser resolves; a breakdown if it is not an answer. */
export function readAnswer(returned: ParserAnswer, resolve: Question["resolve"]): DetailedAnswer | Breakdown {
  const bare = { map: null, resolved: null, observation: null };
  switch (returned?.verdict) {
    case "unspecified":
      return { ...bare, rc: SKIPPED };
    case "reject":
      if (returned.errno === undefined) return { ...bare, rc: REFUSED };
      return isErrnoName(returned.errno)
        ? { ...bare, rc: -ERRNO[returned.errno] }
        : garbage(`'${returned.errno}' is not a Linux errno`);
    case "accept":
      break;
    default:
      return garbage("the verdict is neither accept, reject nor unspecified");
  }
  const { map, resolve: resolver } = returned;
  const resolved =
    resolve === undefined || resolver === undefined
      ? null
      : resolve.map(([offset, length]) => resolvedAnswer(resolver(offset, length)));
  try {
    return { ...bare, rc: 0, map: map === undefined ? null : writeMapRecord(map), resolved };
  } catch (thrown) {
    return garbage(`its map is none: ${text(thrown)}`);
  }
}

const resolvedAnswer = (found: ResolvedRange): ResolvedAnswer =>
  "errno" in found ? { errno: ERRNO[found.errno] } : found;
