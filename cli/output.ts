import { join, relative } from "node:path";
import { failureName } from "../suites/failure-name.ts";
import type { Counterexample, StoredSession } from "../suites/index.ts";
import { writeFile } from "./files.ts";

/** Where a run leaves its report and its failures. */
export const DEFAULT_OUT = "fmapspec-report";

/** The folder of stored failures in it. Those of earlier runs stay. */
const FAILURES = "failures";

/** Writes a failure to a file of its own below the output folder; returns its path from where the user stands. Throws UsageError. */
export function storeFailure(out: string, failure: Counterexample | StoredSession): string {
  const path = join(out, FAILURES, failureName(failure));
  writeFile(path, `${JSON.stringify(failure, null, 2)}\n`);
  return relative(".", path);
}
