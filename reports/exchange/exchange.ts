/** The exchange that a daemon's failure is about, decoded: what text and HTML show. */
import { inHeader, type Profile, type RuleId } from "../../spec/index.ts";
import type { DaemonFailure } from "../../suites/daemon/outcome.ts";
import { isOfMap } from "../../suites/daemon/requirement-failure.ts";
import type { Mark } from "../terminal/dump.ts";
import { type LayoutRecord, layout } from "../terminal/layout.ts";
import { changesOf, faultInMap, faultsInReply } from "./fault-place.ts";
import { replyLayout, requestLayout } from "./fuse-layout.ts";

/** One message, by record and field, with remarks at some of its bytes. */
export interface Dissected {
  readonly title: string;
  /** Bytes of it. */
  readonly size: number;
  readonly records: readonly LayoutRecord[];
  readonly marks: readonly Mark[];
}

/** What was sent and received; null: it is not known, or there was none. */
export interface DissectedExchange {
  readonly request: Dissected | null;
  /** The map's message of an earlier reply that this one should have repeated. */
  readonly before: Dissected | null;
  readonly reply: Dissected | null;
}

/** Reads the bytes that a failure carries. */
export function dissect(failure: DaemonFailure, profile: Profile): DissectedExchange {
  const request = failure.request === undefined ? null : Buffer.from(failure.request, "hex");
  const before =
    failure.before === undefined ? null : mapMessage("the map before", failure.before, [], profile);
  return {
    request:
      request === null
        ? null
        : { title: "request", size: request.length, records: requestLayout(request, profile), marks: [] },
    before,
    reply:
      failure.reply === undefined ? null : replyOf(failure.reply, failure.rule, request, before, profile),
  };
}

function replyOf(
  hex: string,
  rule: RuleId,
  request: Uint8Array | null,
  before: Dissected | null,
  profile: Profile,
): Dissected {
  const bytes = Buffer.from(hex, "hex");
  if (isOfMap(rule)) {
    if (before !== null) {
      const marks = changesOf(before.records, layout(bytes, profile.name));
      return mapMessage("the map after", hex, marks, profile);
    }
    return mapMessage("the map", hex, faultInMap(bytes, rule, profile), profile);
  }
  const opcode = request === null || request.length < inHeader.size ? 0 : inHeader.read(request).opcode;
  const records = replyLayout(bytes, opcode, profile);
  return { title: "reply", size: bytes.length, records, marks: faultsInReply(records, rule) };
}

function mapMessage(title: string, hex: string, marks: readonly Mark[], profile: Profile): Dissected {
  const bytes = Buffer.from(hex, "hex");
  return { title, size: bytes.length, records: layout(bytes, profile.name), marks };
}

/** Fields of a header or a body that tell a reader nothing: who asks, room for later, how long it is. */
const SILENT: readonly string[] = ["len", "opcode", "nodeid", "uid", "gid", "pid", "total_extlen"];

/** Names of flags that a line has room for. */
const NAMES = 3;

/** A value with the first of its flags' names: a kernel offers forty. */
function brief(value: string): string {
  const names = value.split(", ");
  return names.length <= NAMES
    ? value
    : `${names.slice(0, NAMES).join(", ")} and ${names.length - NAMES} more`;
}

/** A request on one line: `GET_FMAP of nodeid 5, size 4096`. Fields that are zero are left out. */
export function requestLine({ records }: Dissected): string {
  const fields = records.flatMap((r) => r.fields);
  const value = (name: string) => fields.find((f) => f.name === name)?.value ?? "?";
  const opcode = /\((.*)\)/.exec(value("opcode"))?.[1] ?? value("opcode");
  const rest = fields
    .filter((f) => !SILENT.includes(f.name) && f.name !== "unique" && f.bytes.some((b) => b !== 0))
    .map((f) => `${f.name} ${brief(f.value)}`.trim());
  const nodeid = value("nodeid");
  return [nodeid === "0" ? opcode : `${opcode} of nodeid ${nodeid}`, ...rest].join(", ");
}
