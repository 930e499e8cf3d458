/** What the parser takes without a look, and the map that it keeps of what it takes. */
import { type RuleEntry, rfcV2 } from "./rule.ts";

const DIFFERS = "A daemon that this revision serves is refused, or the other way round.";

export const acceptedRules = {
  "fmap/ignored/version": {
    level: "MUST",
    needs: "message",
    sentence: "fmap_version is not looked at: every value is taken.",
    source: rfcV2("famfs.c:116"),
    consequence: DIFFERS,
  },
  "fmap/ignored/file-type": {
    level: "MUST",
    needs: "message",
    sentence: "file_type is stored and not looked at: every value is taken.",
    source: rfcV2("famfs.c:117"),
    consequence: DIFFERS,
  },
  "fmap/ignored/reserved": {
    level: "MUST",
    needs: "message",
    sentence: "Reserved fields of the header, the extents and the strips are not looked at.",
    source: rfcV2("famfs.c:116"),
    consequence: DIFFERS,
  },
  "fmap/ignored/trailing-bytes": {
    level: "MUST",
    needs: "message",
    sentence: "Bytes after the last extent are not looked at.",
    source: rfcV2("famfs.c:129"),
    consequence: DIFFERS,
  },
  "fmap/ignored/chunk-size": {
    level: "MUST",
    needs: "message",
    sentence: "Any chunk size is taken, zero and odd ones too.",
    source: rfcV2("famfs.c:203"),
    consequence: DIFFERS,
  },
  "fmap/ignored/nbytes": {
    level: "MUST",
    needs: "message",
    sentence: "The bytes that an interleaved extent serves are not held against its strips or the file size.",
    source: rfcV2("famfs.c:205"),
    consequence: DIFFERS,
  },
  "fmap/ignored/overlap": {
    level: "MUST",
    needs: "message",
    sentence: "Extents and strips that cover the same daxdev range are taken.",
    source: rfcV2("famfs.c:151"),
    consequence: DIFFERS,
  },
  "fmap/ignored/zero-length": {
    level: "MUST",
    needs: "message",
    sentence: "An extent or strip of length zero is taken.",
    source: rfcV2("famfs.c:63"),
    consequence: DIFFERS,
  },
  "fmap/ignored/file-size-zero": {
    level: "MUST",
    needs: "message",
    sentence: "A file size of zero is taken.",
    source: rfcV2("famfs.c:288"),
    consequence: DIFFERS,
  },
  "fmap/map/simple": {
    level: "MUST",
    needs: "message",
    sentence:
      "A valid message of simple extents is taken, and its map holds each extent in order and unchanged.",
    source: rfcV2("famfs.c:152"),
    consequence: "Reads and writes of the file go to other memory than the daemon meant.",
  },
  "fmap/map/interleaved": {
    level: "MUST",
    needs: "message",
    sentence:
      "A valid message of interleaved extents is taken, and its map holds each extent and strip unchanged.",
    source: rfcV2("famfs.c:203"),
    consequence: "Reads and writes of the file go to other memory than the daemon meant.",
  },
} as const satisfies Record<string, RuleEntry>;
