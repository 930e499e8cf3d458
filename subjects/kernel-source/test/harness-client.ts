/** A plain client of a built parser, one question at a time, for tests. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { ask, EXTENDED, observation, question, resolved, SCENES, type Scene } from "../observation.ts";

export interface Asked {
  readonly scene?: Scene;
  readonly failAllocation?: number;
  /** Pairs of offset and length. */
  readonly resolve?: readonly (readonly [bigint, bigint])[];
}

type Range = { dev: bigint; offset: bigint; length: bigint };
type Item = Range | { chunkSize: bigint; nbytes: bigint; strips: Range[] };

export interface Reply {
  readonly rc: number;
  readonly map?: { fileType: number; extType: number; fileSize: bigint; devBitmap: bigint; items: Item[] };
  readonly seen: ReturnType<typeof observation.read>;
  readonly resolved: readonly (Omit<ReturnType<typeof resolved.read>, "rc"> & { rc: number })[];
}

export class HarnessClient {
  private readonly child: ChildProcessWithoutNullStreams;
  private received = Buffer.alloc(0);
  private waiting: (() => void) | undefined;
  private ended: number | string | null | undefined;
  /** What it wrote on stderr. */
  complaints = "";

  constructor(executable: string) {
    this.child = spawn(executable, { env: { ...process.env, ASAN_OPTIONS: "" } });
    this.child.stdin.on("error", () => {}); // it may end before it has read everything
    this.child.stderr.on("data", (text: Buffer) => {
      this.complaints += text;
    });
    this.child.stdout.on("data", (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.waiting?.();
    });
    this.child.on("close", (status, signal) => {
      this.ended = status ?? signal;
      this.waiting?.();
    });
  }

  /** Sends bytes as they are and waits for the reply's frame; undefined if the program ended instead. */
  async exchange(request: Uint8Array): Promise<Buffer | undefined> {
    this.child.stdin.write(request);
    for (;;) {
      const length = this.received.length >= 4 ? this.received.readUInt32LE() : Number.POSITIVE_INFINITY;
      if (this.received.length >= 4 + length) {
        const reply = this.received.subarray(4, 4 + length);
        this.received = this.received.subarray(4 + length);
        return reply;
      }
      if (this.ended !== undefined) return undefined;
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
  }

  async judge(message: Uint8Array, asked?: Asked): Promise<Reply> {
    const reply = await this.exchange(asked ? extendedFrame(message, asked) : plainFrame(message));
    if (!reply) throw new Error(`the parser ended with ${this.ended}`);
    return readReply(reply, asked?.resolve?.length ?? 0);
  }

  /** The table of sites; a site of n is line n - 1. */
  async sites(): Promise<string[]> {
    const reply = await this.exchange(extendedFrame(new Uint8Array(), { scene: "sites" }));
    return `${reply}`.trimEnd().split("\n");
  }

  /** Ends the input and waits for the program's exit status, or the signal that ended it. */
  async stop(): Promise<number | string | null> {
    this.child.stdin.end();
    if (this.ended === undefined) await new Promise((resolve) => this.child.once("close", resolve));
    return this.ended ?? null;
  }
}

export function plainFrame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(message.length);
  return Buffer.concat([head, message]);
}

export function extendedFrame(
  message: Uint8Array,
  { scene = "plain", failAllocation = 0, resolve = [] }: Asked,
) {
  const bytes = Buffer.alloc(4 + ask.size + resolve.length * question.size + message.length);
  bytes.writeUInt32LE(EXTENDED + bytes.length - 4);
  ask.write(bytes, 4, { failAllocation, scene: SCENES[scene], nresolve: resolve.length, reserved: 0 });
  for (const [i, [offset, length]] of resolve.entries())
    question.write(bytes, 4 + ask.size + i * question.size, { offset, length });
  bytes.set(message, bytes.length - message.length);
  return bytes;
}

function readReply(bytes: Buffer, nresolve: number): Reply {
  let at = 0;
  const skip = (size: number) => {
    at += size;
    return at - size;
  };
  const u32 = () => bytes.readUInt32LE(skip(4));
  const u64 = () => bytes.readBigUInt64LE(skip(8));
  const range = () => ({ dev: u64(), offset: u64(), length: u64() });
  const ranges = (n: number) => Array.from({ length: n }, range);
  const map = () => {
    const [fileType, extType, fileSize, devBitmap, n] = [u32(), u32(), u64(), u64(), u32()];
    skip(4);
    const iext = () => ({ chunkSize: u64(), nbytes: u64(), strips: ranges(Number(u64())) });
    return {
      fileType,
      extType,
      fileSize,
      devBitmap,
      items: extType === 1 ? Array.from({ length: n }, iext) : ranges(n),
    };
  };
  const rc = u32() | 0;
  const accepted = rc === 0 ? { map: map() } : {};
  const seen = observation.read(bytes, at);
  at += observation.size;
  const answers = Array.from({ length: nresolve }, (_, i) => resolved.read(bytes, at + i * resolved.size));
  at += nresolve * resolved.size;
  if (at !== bytes.length) throw new Error(`a reply of ${bytes.length} bytes, ${at} of them understood`);
  return { rc, ...accepted, seen, resolved: answers.map((a) => ({ ...a, rc: a.rc | 0 })) };
}
