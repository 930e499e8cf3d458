import type { Batch } from "../../generators/index.ts";
import { ERRNO, isErrnoName, type Needs, type RuleId } from "../../spec/index.ts";
import { Child } from "../process/child.ts";
import { type Answers, REFUSED, SKIPPED } from "./answers.ts";
import type { Breakdown } from "./breakdown.ts";
import { PATIENCE } from "./conversation.ts";
import {
  type DetailedAnswer,
  NO_EXEMPTION,
  type ParserSubject,
  type Question,
  type SubjectDescription,
} from "./subject.ts";

const ACCEPT = 0;
const REJECT = 1;
const NOT_IMPLEMENTED = 89;

/** Longest stdout in bytes: an errno name is shorter. */
const LONGEST_OUTPUT = 4096;

/** A parser as a program: the message on stdin, the verdict as exit status, one process for each message. */
export class ExecSubject implements ParserSubject {
  readonly pace = "process";
  readonly abilities: ReadonlySet<Needs> = new Set<Needs>(["message"]);
  readonly exempt: ReadonlyMap<RuleId, string> = NO_EXEMPTION;
  readonly notes: readonly string[] = [];
  readonly description: SubjectDescription;
  private readonly command: readonly string[];
  private readonly timeout: number;
  private running: Child | null = null;

  constructor(description: SubjectDescription, command: readonly string[], timeout: number) {
    this.description = description;
    this.command = command;
    this.timeout = timeout;
  }

  async start(): Promise<string> {
    const child = await Child.start(this.command, () => {});
    await child.dispose();
    return "a program for each message";
  }

  async ask(batch: Batch, answers: Answers): Promise<void> {
    answers.clear();
    for (let i = 0; i < batch.count; i++) {
      const answer = await this.question({ message: batch.message(i) });
      if ("kind" in answer) {
        answers.breakdown = answer;
        return;
      }
      answers.add(answer.rc);
    }
  }

  async question(q: Question): Promise<DetailedAnswer | Breakdown> {
    let output = "";
    let flooded = false;
    const child = await Child.start(this.command, (chunk) => {
      output += chunk.toString("latin1");
      if (output.length > LONGEST_OUTPUT) {
        flooded = true;
        child.kill();
      }
    });
    this.running = child;
    child.write(q.message);
    child.endInput();
    let late: "slow" | "hang" | null = null;
    const due = setTimeout(() => (late = "slow"), this.timeout);
    const patience = (1 + PATIENCE) * this.timeout;
    const end = setTimeout(() => {
      late = "hang";
      child.kill();
    }, patience);
    const { code, signal } = await child.ended;
    clearTimeout(due);
    clearTimeout(end);
    const tail = child.logTail();
    await child.dispose();
    this.running = null;
    const stderrText = tail === "" ? "" : `; stderr: ${tail}`;
    if (flooded)
      return { kind: "garbage", detail: `more than ${LONGEST_OUTPUT} bytes on stdout${stderrText}` };
    if (late === "hang") return { kind: "hang", detail: `no exit in ${patience} ms${stderrText}` };
    if (signal !== null) return { kind: "crash", detail: `killed by ${signal}${stderrText}` };
    const name = output.trim();
    if (late === "slow")
      return { kind: "slow", detail: `it answered after more than ${this.timeout} ms${stderrText}` };
    if (code === ACCEPT) return answered(0);
    if (code === NOT_IMPLEMENTED) return answered(SKIPPED);
    if (code !== REJECT)
      return { kind: "exit", detail: `exit status ${code}; 0, 1 or 89 was expected${stderrText}` };
    if (name === "") return answered(REFUSED);
    if (!isErrnoName(name)) return { kind: "garbage", detail: `'${name.slice(0, 80)}' is not a Linux errno` };
    return answered(-ERRNO[name]);
  }

  restart(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await this.running?.dispose();
  }
}

const answered = (rc: number): DetailedAnswer => ({ rc, map: null, resolved: null, observation: null });
