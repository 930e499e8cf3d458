/** The program's own few lines, in this process: what signals and a broken stdout do. The rest is in end-to-end.test.ts. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

describe("the program", () => {
  const before = SIGNALS.map((signal) => process.listeners(signal));
  const hearers = process.stdout.listeners("error");
  const { argv, exitCode } = process;
  let exit: ReturnType<typeof vi.spyOn>;
  let stdout: ReturnType<typeof vi.spyOn>;
  let stderr: ReturnType<typeof vi.spyOn>;

  beforeAll(async () => {
    stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
    process.argv = [argv[0] as string, "main.js", "explain", "--no-color", "x", "--", "--color"];
    await import("./main.ts");
  });

  afterAll(() => {
    process.argv = argv;
    process.exitCode = exitCode;
    for (const [i, signal] of SIGNALS.entries())
      for (const added of process.listeners(signal).filter((l) => !before[i]?.includes(l)))
        process.off(signal, added);
    for (const added of process.stdout.listeners("error").filter((l) => !hearers.includes(l)))
      process.stdout.off("error", added as () => void);
    vi.restoreAllMocks();
  });

  it("leaves the command's exit status, and says on stderr what was wrong", () => {
    expect(process.exitCode).toBe(2);
    expect(stderr.mock.calls.map((call: unknown[]) => call[0])).toEqual([
      "fmapspec: explain starts no program: nothing goes behind --\n",
    ]);
    expect(stdout).not.toHaveBeenCalled();
  });

  it.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends at %s with %i where the command does not end by itself", (signal, status) => {
    const own = process.listeners(signal).at(-1) as (s: NodeJS.Signals) => void;
    exit.mockClear();
    own(signal);
    expect(exit.mock.calls).toEqual([[status]]);
  });

  it("does not mind a reader that leaves, and says so when stdout cannot be written", () => {
    const own = process.stdout.listeners("error").at(-1) as (error: Error) => void;
    for (const mock of [exit, stderr]) mock.mockClear();
    own(Object.assign(new Error(), { code: "EPIPE" }));
    expect(exit).not.toHaveBeenCalled();
    own(Object.assign(new Error(), { code: "ENOSPC" }));
    expect(stderr.mock.calls.map((call: unknown[]) => call[0])).toEqual([
      "fmapspec: cannot write to standard output: the disk is full\n",
    ]);
    expect(exit.mock.calls).toEqual([[2]]);
  });
});
