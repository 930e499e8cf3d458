import { execFile } from "node:child_process";

/** How a program ended. */
export interface Ended {
  /** Exit status as a shell tells it: 128 and the number of the signal that ended it. */
  readonly status: number;
  /** Standard output, then standard error. */
  readonly said: string;
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

/** Runs a program to its end. `seconds` is what it was told to take. */
export function ended(
  command: readonly [string, ...string[]],
  seconds = 0,
  env: Record<string, string> = {},
): Promise<Ended> {
  const began = performance.now();
  const options = {
    env: { ...process.env, ...env },
    timeout: 1000 * (seconds + GRACE),
    killSignal: "SIGKILL",
    maxBuffer: 64 << 20,
  } as const;
  return new Promise((resolve, reject) => {
    execFile("sh", ["-c", TIMED, "sh", ...command], options, (error, stdout, stderr) => {
      const [, m0, s0, m1, s1] = CHILDREN.exec(stderr) ?? [];
      if (s1 === undefined)
        return reject(new Error(`${command[0]} did not end by itself: ${stderr.slice(-500)}`));
      resolve({
        status: error === null ? 0 : Number(error.code),
        said: stdout + stderr,
        seconds: (performance.now() - began) / 1000,
        cpu: 60 * (Number(m0) + Number(m1)) + Number(s0) + Number(s1),
      });
    });
  });
}
