import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** How a program ended. */
export interface Ended {
  /** Exit status as a shell tells it: 128 and the number of the signal that ended it. */
  readonly status: number;
  /** Standard output, then standard error. */
  readonly output: string;
  /** Wall time, and the processor time of the program and of whom it waited for. */
  readonly seconds: number;
  readonly cpu: number;
}

// A shell is the only one that tells a child's processor time everywhere; it costs a millisecond.
const TIMED = '"$@"; status=$?; times >&2; exit $status';

/** The last line that `times` prints: user and system time of the shell's children. */
const CHILDREN = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/;

/** Seconds that a program has beyond those that it was given, until it is killed. */
const GRACE = 60;

/** Groups of processes that run now: who stops the bench stops them as well. */
const running = new Set<number>();
process.on("exit", () => {
  for (const group of running) process.kill(-group, "SIGKILL");
});
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(status));

/** Runs a program to its end. `seconds` is what it was told to take. */
export async function ended(
  command: readonly [string, ...string[]],
  seconds = 0,
  env: Record<string, string> = {},
): Promise<Ended> {
  const began = performance.now();
  const child = spawn("sh", ["-c", TIMED, "sh", ...command], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const group = child.pid as number;
  running.add(group);
  const late = setTimeout(() => process.kill(-group, "SIGKILL"), 1000 * (seconds + GRACE));
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on("close", resolve)),
  ]);
  clearTimeout(late);
  running.delete(group);
  const [, m0, s0, m1, s1] = CHILDREN.exec(stderr) ?? [];
  if (status === null || s1 === undefined)
    throw new Error(`${command.join(" ")} did not end by itself: ${stderr.slice(-500)}`);
  return {
    status,
    output: stdout + stderr,
    seconds: (performance.now() - began) / 1000,
    cpu: 60 * (Number(m0) + Number(m1)) + Number(s0) + Number(s1),
  };
}
