import { spawn } from "node:child_process";
import { once } from "node:events";
import { SubjectError } from "../../../base/errors.ts";
import { SMALL_WORLDS } from "../../../generators/index.ts";
import { hexOf, type Profile } from "../../../spec/index.ts";

/**
 * The answers of one program to every message of the small worlds. No map of that size distinguishes a second program that
 * gives the same answers.
 */
export class SmallWorldAnswers {
  readonly messages: readonly Uint8Array[];
  private readonly answers: readonly Buffer[];

  private constructor(messages: readonly Uint8Array[], answers: readonly Buffer[]) {
    this.messages = messages;
    this.answers = answers;
  }

  static async of(program: string, profile: Profile): Promise<SmallWorldAnswers> {
    const messages = SMALL_WORLDS.flatMap((world) => [...world.messages(profile)]);
    return new SmallWorldAnswers(messages, await answersTo(messages, program));
  }

  /** Hex of the first message that the program answers differently or not at all; null: there is none. */
  async firstDifference(program: string): Promise<string | null> {
    const answers = await answersTo(this.messages, program);
    const i = this.messages.findIndex((_, i) => !(this.answers[i] as Buffer).equals(answers[i] ?? NONE));
    return i < 0 ? null : hexOf(this.messages[i] as Uint8Array);
  }
}

const NONE = Buffer.alloc(0);

/** Bytes in front of a frame: its length as u32. */
const PREFIX = 4;

/** The answers of a driver that speaks frames, asked all at once; fewer answers if it ends early. */
async function answersTo(messages: readonly Uint8Array[], program: string): Promise<Buffer[]> {
  const child = spawn(program, { stdio: ["pipe", "pipe", "ignore"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A program that ends early does not read the rest.
  child.stdin.on("error", () => {});
  const closed = once(child, "close");
  child.stdin.end(Buffer.concat(messages.map(frameOf)));
  await closed.catch((error: Error) => {
    throw new SubjectError(`cannot run ${program}: ${error.message}`);
  });
  return framesIn(Buffer.concat(chunks));
}

function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(PREFIX + message.length);
  frame.writeUInt32LE(message.length);
  frame.set(message, PREFIX);
  return frame;
}

function framesIn(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + PREFIX <= bytes.length; ) {
    const end = at + PREFIX + bytes.readUInt32LE(at);
    frames.push(bytes.subarray(at + PREFIX, end));
    at = end;
  }
  return frames;
}
