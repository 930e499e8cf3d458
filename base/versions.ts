import fc from "fast-check";

/** The versions of this run; `fmapspec`: the version of the suite. */
export const versionsWith = (fmapspec: string): Versions => ({
  fmapspec,
  fastCheck: fc.__version,
  node: process.versions.node,
});

/** The versions that found a failure: recipes depend on fast-check, and a subject's behaviour may depend on node. */
export interface Versions {
  readonly fmapspec: string;
  readonly fastCheck: string;
  readonly node: string;
}
