import fc from "fast-check";

/** What a failure is found with; `fmapspec`: the version of the suite. */
export const versionsWith = (fmapspec: string): Versions => ({
  fmapspec,
  fastCheck: fc.__version,
  node: process.versions.node,
});

/** What a failure was found with: recipes depend on fast-check, and what a subject does may on node. */
export interface Versions {
  readonly fmapspec: string;
  readonly fastCheck: string;
  readonly node: string;
}
