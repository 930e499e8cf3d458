import { execFile } from "node:child_process";

export interface Ended {
  /** Exit status, or the error's name if the program could not be started. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; never rejects. */
export function run([program = "", ...args]: readonly string[], cwd?: string): Promise<Ended> {
  return new Promise((resolve) => {
    // The C locale, because messages are searched for "error:" and for file names.
    const env = { ...process.env, LC_ALL: "C" };
    execFile(program, args, { cwd, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ status: error ? (error.code ?? "killed") : 0, stdout, stderr });
    });
  });
}
