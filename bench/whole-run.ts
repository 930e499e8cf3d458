import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { ended } from "./ended.ts";

/** What a run of the command came to. */
export interface WholeRun {
  /** Messages a second while it ran, by its own report. */
  readonly rate: number;
  /** Processor time of suite and subject in microseconds a message, start and all. */
  readonly cpu: number;
}

/** Messages, and messages a second, by the report that a run left in a folder. */
export function reported(folder: string): { readonly messages: number; readonly rate: number } {
  const { messages, seconds } = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  return { messages, rate: messages / seconds };
}

/** Exit status of a run that left something unchecked and found nothing wrong. */
const INCONCLUSIVE = 4;

/** Runs `fmapspec parser` over so many messages; `options` name the subject. */
export async function wholeRun(folder: string, runs: number, options: readonly string[]): Promise<WholeRun> {
  const out = join(folder, "out");
  const main = join(PACKAGE_ROOT, "dist/cli/main.js");
  const limits = ["--runs", String(runs), "--seed", "1", "--quiet", "--out", out];
  const { status, output, cpu } = await ended([process.execPath, main, "parser", ...limits, ...options], 600);
  // A few messages do not reach every rule: such a run is inconclusive.
  if (status !== 0 && status !== INCONCLUSIVE) throw new Error(output);
  const { messages, rate } = reported(out);
  return { rate, cpu: (1e6 * cpu) / messages };
}
