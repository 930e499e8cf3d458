import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Rounds } from "../rounds.ts";

const SOURCE = join(PACKAGE_ROOT, "bench/oracle/loop.c");

/** Compiles the loop with gcc -O2; `defines` such as -DALLOCATES. */
export function compileLoop(folder: string, name: string, ...defines: string[]): string {
  const program = join(folder, name);
  execFileSync("gcc", ["-O2", ...defines, "-o", program, SOURCE]);
  return program;
}

/** The C parser over a file of messages, timed by itself (loop.c). */
export class CLoop {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;

  /** `file`: messages as driver frames. */
  constructor(program: string, file: string) {
    this.child = spawn(program, [file], { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async run(rounds: number, passes: number): Promise<Rounds> {
    this.child.stdin.write(`${rounds} ${passes}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the C loop ended");
    return (value as string).split(" ").map(Number);
  }

  stop(): void {
    this.child.stdin.end();
  }
}
