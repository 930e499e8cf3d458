/** famfs_fileofs_to_daxofs of the series (15/18): from a file offset to a range of a daxdev. */
import { revisions } from "../profiles/names.ts";
import { at, type RuleEntry } from "./rule.ts";

/** The revisions whose resolver was read. */
const READ = revisions("rfc-v2", "simple-only");

export const resolveRules = {
  "resolve/bad-file": {
    level: "MUST",
    needs: "resolution",
    sentence:
      "Without a daxdev table, a map, S_DAX, or with an i_size that is not the map's, nothing is resolved.",
    source: at("15/18 famfs.c, famfs_file_bad", READ),
    consequence: "A stale or half-built map is used.",
  },
  "resolve/simple": {
    level: "MUST",
    needs: "resolution",
    sentence:
      "An offset falls into the first simple extent whose length it does not exceed, and never past its end.",
    source: at("15/18 famfs.c, famfs_fileofs_to_daxofs", READ),
    consequence: "A read or write goes to memory that belongs to another offset or another file.",
  },
  "resolve/interleaved": {
    level: "MUST",
    needs: "resolution",
    sentence:
      "An offset falls into chunk offset/chunk_size, which rotates over the strips, and never past the chunk.",
    source: at("15/18 famfs.c, famfs_interleave_fileofs_to_daxofs", revisions("rfc-v2", "v10")),
    consequence: "A read or write goes to memory that belongs to another offset or another file.",
  },
  "resolve/past-end": {
    level: "MUST",
    needs: "resolution",
    sentence:
      "An offset behind the last extent resolves to nothing: zero bytes with success, from v4 on EIO.",
    source: at("15/18 famfs.c, err_out", READ),
    consequence: "An access behind the end reaches memory.",
  },
  "resolve/chunk-size": {
    level: "MUST",
    needs: "unreachable",
    sentence:
      "An interleaved extent whose chunk size is not a multiple of 2 MiB resolves to nothing; the parser has refused it before.",
    source: at("famfs.c, famfs_interleave_fileofs_to_daxofs", revisions("v7", "v10")),
    errno: "EINVAL",
    consequence: "None as long as the parser's check stands before it.",
  },
} as const satisfies Record<string, RuleEntry>;
