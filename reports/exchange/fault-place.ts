/** Where in an exchange a broken requirement shows: bytes of the map's message, or fields of the reply. */
import { parseFmap, type StrictName, strict } from "../../oracles/index.ts";
import { fmapHeader, type Profile, type RuleId } from "../../spec/index.ts";
import type { Mark } from "../terminal/dump.ts";
import type { LayoutField, LayoutRecord } from "../terminal/layout.ts";
import { misreadField } from "./misread.ts";

/** What stands at a field of which the failure's own sentence tells more. */
const AT_FAULT = "at fault";

/** The checks of the strict oracle that find the byte; the first one that is broken counts. */
const STRICT: Partial<Record<RuleId, readonly StrictName[]>> = {
  "daemon/fmap/covers-file": [
    "no-zero-division",
    "every-byte-carried",
    "strips-long-enough",
    "lengths-sum-fits",
  ],
  "daemon/fmap/no-overlap-in-file": ["ranges-apart"],
  "daemon/fmap/file-type": ["file-type-known"],
  "daemon/fmap/version": ["version-known"],
  "daemon/fmap/reserved-zero": ["reserved-zero"],
  "daemon/fmap/exact-length": ["fmap-size-exact", "length-exact"],
};

/** Fields of the map's header that are compared with something outside of it. */
const OF_HEADER: Partial<Record<RuleId, number>> = {
  "daemon/fmap/file-size": fmapHeader.offsetOf("file_size"),
  "daemon/intent/file-type": fmapHeader.offsetOf("file_type"),
};

/** Fields of a reply. `set`: only where they are not zero. */
const OF_REPLY: Partial<Record<RuleId, { readonly names: readonly string[]; readonly set?: true }>> = {
  "daemon/init/version": { names: ["major"] },
  "daemon/init/only-offered": { names: ["flags", "flags2"], set: true },
  "daemon/init/fmap-bit-travels": { names: ["flags", "flags2"], set: true },
  "daemon/init/fmap-only-if-offered": { names: ["flags2"] },
  "daemon/init/newer-kernel": { names: ["flags2"] },
  "daemon/init/max-write": { names: ["max_write"] },
  "daemon/init/read-buffer": { names: ["max_write"] },
  "daemon/reply/length": { names: ["len"] },
  "daemon/reply/unique": { names: ["unique"] },
  "daemon/reply/once": { names: ["unique"] },
  "daemon/reply/error-range": { names: ["error"] },
  "daemon/reply/no-body-with-error": { names: ["error"] },
  "daemon/tree/root": { names: ["mode"] },
  "daemon/tree/open": { names: ["error"] },
  "daemon/tree/release": { names: ["error"] },
  "daemon/tree/statfs": { names: ["error"] },
  "daemon/daxdev/known": { names: ["error"] },
  "daemon/daxdev/index": { names: ["index"] },
  "daemon/daxdev/name": { names: ["name"] },
  "daemon/daxdev/char-device": { names: ["name"] },
  "daemon/daxdev/reserved-zero": { names: ["reserved", "reserved2", "reserved3", "reserved4"], set: true },
};

/** The byte of a map's message at which the kernel refuses it, or at which it breaks the requirement; none: no single one. */
export function faultInMap(message: Uint8Array, rule: RuleId, profile: Profile): Mark[] {
  const verdict = parseFmap(profile, message);
  if (verdict.verdict !== "accept") {
    const answer = verdict.verdict === "reject" ? verdict.errno : verdict.verdict;
    const meant = misreadField(message, verdict.offset, profile);
    return [{ offset: verdict.offset, text: `${answer} ${verdict.rule}${meant}` }];
  }
  const offset = OF_HEADER[rule];
  if (offset !== undefined) return [{ offset, text: AT_FAULT }];
  const [first] = strict(profile, message, STRICT[rule] ?? []);
  return first === undefined ? [] : [{ offset: first.at, text: first.detail }];
}

/** The fields of a reply in which the requirement is broken. */
export function faultsInReply(records: readonly LayoutRecord[], rule: RuleId): Mark[] {
  const at = OF_REPLY[rule];
  if (at === undefined) return [];
  const isAt = ({ name, bytes }: LayoutField) =>
    at.names.includes(name) && (at.set !== true || bytes.some((b) => b !== 0));
  return records
    .flatMap(({ fields }) => fields)
    .filter(isAt)
    .map(({ offset }) => ({ offset, text: AT_FAULT }));
}

/** What differs between two messages of one file's map, as marks of the second one. */
export function changesOf(before: readonly LayoutRecord[], after: readonly LayoutRecord[]): Mark[] {
  const old = new Map(before.flatMap(({ title, fields }) => fields.map((f) => [`${title} ${f.name}`, f])));
  return after.flatMap(({ title, fields }) =>
    fields.flatMap((f) => {
      const was = old.get(`${title} ${f.name}`);
      if (was === undefined) return [{ offset: f.offset, text: "new" }];
      return was.value === f.value ? [] : [{ offset: f.offset, text: `was ${was.value}` }];
    }),
  );
}
