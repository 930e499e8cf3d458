import { counted } from "../base/counted.ts";
import type { RunProgress } from "../suites/index.ts";
import type { Context } from "./context.ts";

/** The line that shows how far a run has come. */
export interface ProgressLine {
  show(progress: RunProgress): void;
  /** Waits for the run and removes the line, however the run ends. */
  over<T>(run: Promise<T>): Promise<T>;
}

/** Milliseconds before the line is drawn again. */
const REDRAW = 200;

const CLEAR = "\r\x1b[K";

/** Draws only on a terminal that can rewrite a line, not in CI, and not with --quiet. */
export function progressLine(
  { say, paint }: Context,
  unit: string,
  quiet: boolean,
  clock: () => number = Date.now,
): ProgressLine {
  const { isTTY } = process.stderr;
  if (quiet || !isTTY || process.env.CI || process.env.TERM === "dumb")
    return { show: () => {}, over: (run) => run };
  // Some terminals report 0 columns.
  const columns = process.stderr.columns || 80;
  const began = clock();
  let last = 0;
  return {
    show(progress) {
      const now = clock();
      if (now - last < REDRAW) return;
      last = now;
      const [before, failures, after] = describeProgress(progress, unit, (now - began) / 1000);
      // A line that wraps cannot be removed.
      const fits = before.length + failures.length + after.length < columns;
      say(
        `${CLEAR}${fits ? `${before}${failures && paint("red", failures)}${after}` : before.slice(0, columns - 1)}`,
      );
    },
    async over(run) {
      try {
        return await run;
      } finally {
        say(CLEAR);
      }
    },
  };
}

/** `12000 messages, 4000 a second`, `, 2 failures` and `, 5 s left`, after so many seconds. */
export function describeProgress(
  { done, failures, part }: RunProgress,
  unit: string,
  seconds: number,
): [before: string, failures: string, after: string] {
  const rate = seconds >= 1 ? `, ${Math.round(done / seconds)} a second` : "";
  const failed = failures === 0 ? "" : `, ${counted(failures, "failure")}`;
  // The first percent does not allow an estimate.
  const left =
    part === null || part < 0.01 || seconds < 1 ? "" : `, ${duration((seconds * (1 - part)) / part)} left`;
  return [`${done} ${unit}${rate}`, failed, left];
}

function duration(seconds: number): string {
  const s = Math.ceil(seconds);
  if (s < 60) return `${s} s`;
  return s < 3600
    ? `${Math.ceil(s / 60)} min`
    : `${Math.floor(s / 3600)} h ${Math.ceil((s % 3600) / 60)} min`;
}
