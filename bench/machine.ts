import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, platform, release, totalmem } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { VERSION } from "../base/package-root.ts";

/** Where and with what was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
  readonly fmapspec: string;
  /** First lines of what the tools say of themselves; those that are missing are left out. */
  readonly tools: Readonly<Record<string, string>>;
}

const TOOLS = {
  gcc: ["--version"],
  clang: ["--version"],
  "afl-fuzz": ["--help"],
  python3: ["--version"],
};

function toolVersions(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [tool, args] of Object.entries(TOOLS))
    try {
      found[tool] = firstLine(execFileSync(tool, args, { encoding: "utf8", stdio: "pipe" }));
    } catch (error) {
      // afl-fuzz shows its help with a failing status.
      const { stdout } = error as { stdout?: string };
      if (stdout) found[tool] = firstLine(stdout);
    }
  return found;
}

/** Without colours, which afl-fuzz has even in a pipe. */
const firstLine = (text: string) => stripVTControlCharacters(text).trim().split("\n")[0] as string;

export function machine(): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release()}`,
    node: process.version,
    fmapspec: VERSION,
    tools: toolVersions(),
  };
}

/** Processes that wanted a core in the last minute. */
export const load = (): number => Math.round((loadavg()[0] as number) * 10) / 10;

const POLICIES = ["other", "fifo", "rr", "batch", "iso", "idle", "deadline"];

/** How the kernel schedules us: `other` is what everybody has; `chrt -f 50` gives `fifo`. */
export function scheduling(): string {
  try {
    // Behind the program's name, which is in brackets and may hold anything.
    const stat = readFileSync("/proc/self/stat", "utf8").replace(/.*\) /s, "").split(" ");
    return POLICIES[Number(stat[38])] ?? "unknown";
  } catch {
    return "unknown";
  }
}
