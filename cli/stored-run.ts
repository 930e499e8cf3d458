import { join, relative } from "node:path";
import type { Counterexample, ParserReport } from "../suites/index.ts";
import { writeFile } from "./files.ts";

/** Where a run leaves its report and counterexamples. */
export const DEFAULT_OUT = "fmapspec-out";
export const REPORT = "report.json";

/** Writes report.json and a file for each counterexample; says where each of these is. */
export function store(report: ParserReport, out: string): (c: Counterexample) => string {
  const paths = new Map<Counterexample, string>();
  const taken = new Set<string>();
  const all = [...report.counterexamples, ...report.findings.flatMap((f) => f.counterexample ?? [])];
  for (const c of all) {
    const base = [c.rule.replaceAll("/", "-"), ...(c.kind === "verdict" ? [] : [c.kind])].join("-");
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    const path = join(out, "counterexamples", `${name}.json`);
    writeFile(path, `${JSON.stringify(c, null, 2)}\n`);
    paths.set(c, relative(".", path) || path);
  }
  writeFile(join(out, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return (c) => paths.get(c) as string;
}
