/** What the parser accepts unchecked, and the map of an accepted message. */
import { INTERLEAVING, revisions } from "../profiles/names.ts";
import { inParser, type RuleEntry } from "./rule.ts";

const DIFFERS = "A daemon that this revision serves is refused, or the other way round.";

export const acceptedRules = {
  "fmap/ignored/version": {
    level: "MUST",
    needs: "message",
    sentence: "fmap_version is not looked at: every value is taken.",
    source: inParser("famfs.c:116"),
    consequence: DIFFERS,
  },
  "fmap/ignored/file-type": {
    level: "MUST",
    needs: "message",
    sentence: "file_type is stored and not looked at: every value is taken.",
    source: inParser("famfs.c:117"),
    consequence: DIFFERS,
  },
  "fmap/ignored/reserved": {
    level: "MUST",
    needs: "message",
    sentence: "Reserved fields of the header, the extents and the strips are not looked at.",
    source: inParser("famfs.c:116"),
    consequence: DIFFERS,
  },
  "fmap/ignored/fmap-size": {
    level: "MUST",
    needs: "message",
    sentence: "fmap_size is not held against the length of the message.",
    source: inParser("famfs.c", revisions("simple-only")),
    consequence: DIFFERS,
  },
  "fmap/ignored/trailing-bytes": {
    level: "MUST",
    needs: "message",
    sentence: "Bytes after the last extent are not looked at.",
    source: inParser("famfs.c:129"),
    consequence: DIFFERS,
  },
  "fmap/ignored/chunk-size": {
    level: "MUST",
    needs: "message",
    sentence: "Any chunk size is taken, zero and odd ones too.",
    source: inParser("famfs.c:203", revisions("rfc-v1", "v4")),
    consequence: DIFFERS,
  },
  "fmap/ignored/chunk-size-zero": {
    level: "MUST",
    needs: "message",
    sentence: "A chunk size of zero is taken for a multiple of 2 MiB.",
    source: inParser("famfs.c", revisions("v7", "v10")),
    consequence: DIFFERS,
  },
  "fmap/ignored/nbytes": {
    level: "MUST",
    needs: "message",
    sentence: "The bytes that an interleaved extent serves are not held against its strips or the file size.",
    source: inParser("famfs.c:205", revisions("rfc-v1", "v10")),
    consequence: DIFFERS,
  },
  "fmap/ignored/overlap": {
    level: "MUST",
    needs: "message",
    sentence: "Extents and strips that cover the same daxdev range are taken.",
    source: inParser("famfs.c:151"),
    consequence: DIFFERS,
  },
  "fmap/ignored/zero-length": {
    level: "MUST",
    needs: "message",
    sentence: "An extent or strip of length zero is taken.",
    source: inParser("famfs.c:63"),
    consequence: DIFFERS,
  },
  "fmap/ignored/file-size-zero": {
    level: "MUST",
    needs: "message",
    sentence: "A file size of zero is taken.",
    source: inParser("famfs.c:288"),
    consequence: DIFFERS,
  },
  "fmap/map/simple": {
    level: "MUST",
    needs: "message",
    sentence:
      "A valid message of simple extents is taken, and its map holds each extent in order and unchanged.",
    source: inParser("famfs.c:152"),
    consequence: "Reads and writes of the file go to other memory than the daemon meant.",
  },
  "fmap/map/interleaved": {
    level: "MUST",
    needs: "message",
    sentence:
      "A valid message of interleaved extents is taken, and its map holds each extent and strip unchanged.",
    source: inParser("famfs.c:203", INTERLEAVING),
    consequence: "Reads and writes of the file go to other memory than the daemon meant.",
  },
} as const satisfies Record<string, RuleEntry>;
