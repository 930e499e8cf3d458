import { join } from "node:path";
import type { Counterexample, ParserReport } from "../../suites/index.ts";
import { writeFile } from "./files.ts";
import { storeFailure } from "./output.ts";
import type { Write } from "./writing.ts";

export const REPORT = "report.json";

/** Writes a sealed report as report.json, and a file for each failure; says where each of these is. Throws UsageError. */
export function store(
  report: ParserReport,
  out: string,
  write: Write = writeFile,
): (c: Counterexample) => string {
  // First: where there is not room for all, it says most.
  write(join(out, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return storeFailures(report, out, write);
}

/** Writes a file for each failure of a report; says where each of these is. Throws UsageError. */
export function storeFailures(
  report: ParserReport,
  out: string,
  write: Write = writeFile,
): (c: Counterexample) => string {
  const all = [...report.counterexamples, ...report.findings.flatMap((f) => f.counterexample ?? [])];
  const paths = new Map(all.map((c) => [c, storeFailure(out, c, write)]));
  return (c) => paths.get(c) as string;
}
