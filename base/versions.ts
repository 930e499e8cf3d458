import fc from "fast-check";
import type { Versions } from "../suites/run/outcome.ts";

/** What a failure is found with; `fmapspec`: the version of the suite. */
export const versionsWith = (fmapspec: string): Versions => ({
  fmapspec,
  fastCheck: fc.__version,
  node: process.versions.node,
});
