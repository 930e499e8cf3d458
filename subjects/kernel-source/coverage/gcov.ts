/** A line of code in gcov's report. */
interface ReachedLine {
  readonly line: number;
  readonly text: string;
  readonly reached: boolean;
  /** Whether each of its branches was taken. */
  readonly branches: readonly boolean[];
}

export interface ReachedFile {
  readonly file: string;
  /** The lines with code, in order. */
  readonly lines: readonly ReachedLine[];
}

/** Reads the output of `gcov -b -c -t` and `llvm-cov gcov -b -c -t`: one file after the other, branches behind their line. */
export function parseGcov(printed: string): ReachedFile[] {
  const files: {
    file: string;
    lines: { line: number; text: string; reached: boolean; branches: boolean[] }[];
  }[] = [];
  for (const row of printed.split("\n")) {
    const [, count, number, text] = /^\s*([^\s:]+):\s*(\d+):(.*)$/.exec(row) ?? [];
    if (number === "0" && text?.startsWith("Source:"))
      files.push({ file: text.slice("Source:".length), lines: [] });
    const lines = files.at(-1)?.lines;
    if (lines === undefined) continue;
    if (count !== undefined && text !== undefined) {
      // "-": no code; "#####" and "=====": never executed; a star: parts of it were not.
      if (count === "-") continue;
      lines.push({ line: Number(number), text: text.trim(), reached: /^\d/.test(count), branches: [] });
      continue;
    }
    const [, times] = /^branch\s+\d+ (?:taken (\d+)|never executed)/.exec(row) ?? [];
    if (row.startsWith("branch")) lines.at(-1)?.branches.push(times !== undefined && times !== "0");
  }
  return files;
}
