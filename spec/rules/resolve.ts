/** famfs_fileofs_to_daxofs of the series (15/18): from a file offset to a range of a daxdev. */
import { type RuleEntry, rfcV2 } from "./rule.ts";

export const resolveRules = {
  "resolve/bad-file": {
    level: "MUST",
    needs: "resolution",
    sentence:
      "Without a daxdev table, a map, S_DAX, or with an i_size that is not the map's, nothing is resolved.",
    source: rfcV2("15/18 famfs.c, famfs_file_bad"),
    consequence: "A stale or half-built map is used.",
  },
  "resolve/simple": {
    level: "MUST",
    needs: "resolution",
    sentence:
      "An offset falls into the first simple extent whose length it does not exceed, and never past its end.",
    source: rfcV2("15/18 famfs.c, famfs_fileofs_to_daxofs"),
    consequence: "A read or write goes to memory that belongs to another offset or another file.",
  },
  "resolve/interleaved": {
    level: "MUST",
    needs: "resolution",
    sentence:
      "An offset falls into chunk offset/chunk_size, which rotates over the strips, and never past the chunk.",
    source: rfcV2("15/18 famfs.c, famfs_interleave_fileofs_to_daxofs"),
    consequence: "A read or write goes to memory that belongs to another offset or another file.",
  },
  "resolve/past-end": {
    level: "MUST",
    needs: "resolution",
    sentence: "An offset behind the last extent resolves with success to zero bytes.",
    source: rfcV2("15/18 famfs.c, err_out"),
    consequence: "An access behind the end reaches memory.",
  },
} as const satisfies Record<string, RuleEntry>;
