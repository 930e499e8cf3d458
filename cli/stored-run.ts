import { join } from "node:path";
import type { Counterexample, ParserReport } from "../suites/index.ts";
import { writeFile } from "./files.ts";
import { storeFailure } from "./output.ts";

export const REPORT = "report.json";

/** Writes report.json and a file for each failure; says where each of these is. */
export function store(report: ParserReport, out: string): (c: Counterexample) => string {
  const all = [...report.counterexamples, ...report.findings.flatMap((f) => f.counterexample ?? [])];
  const paths = new Map(all.map((c) => [c, storeFailure(out, c)]));
  writeFile(join(out, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return (c) => paths.get(c) as string;
}
