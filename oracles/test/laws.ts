import { DEFAULT_PROFILE, ERRNO, PROFILES, type Profile, writeMapRecord } from "../../spec/index.ts";
import { KernelParser } from "../parser/kernel-parser.ts";
import { readableModel } from "./readable-model.ts";

/** All that the parser says of a message, by value. */
export function judged(parser: KernelParser, message: Uint8Array, failAllocation = 0) {
  parser.parse(
    new DataView(message.buffer, message.byteOffset, message.length),
    0,
    message.length,
    failAllocation,
  );
  const { rc, shifts, leaked, allocations, allocatedBytes } = parser;
  return {
    rc,
    rule: rc === 0 ? null : parser.rule,
    at: rc === 0 ? null : parser.at,
    shifts,
    shiftAt: shifts > 0 ? parser.shiftAt : null,
    leaked,
    leakAt: leaked > 0 ? parser.leakAt : null,
    allocations,
    allocatedBytes,
    map: Buffer.from(parser.map()).toString("hex"),
  };
}

const reusedFor = new Map(PROFILES.map((p) => [p.name, new KernelParser(p)]));

/** Law: the parser and the readable model say the same of the message; else what differs. */
export function disagreement(
  message: Uint8Array,
  failAllocation = 0,
  profile: Profile = DEFAULT_PROFILE,
): string | null {
  const reused = reusedFor.get(profile.name) as KernelParser;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const rc = reused.parse(view, 0, message.length, failAllocation);
  const model = readableModel(profile.name, message, failAllocation);
  const map = Buffer.from(reused.map());
  const pairs = {
    rc: [rc, model.errno === null ? 0 : -ERRNO[model.errno]],
    rule: [rc === 0 ? null : reused.rule, model.rule],
    "the map's order against the model's": [
      map.compare(model.map === null ? Buffer.of() : writeMapRecord(model.map)),
      0,
    ],
    shifts: [reused.shifts, model.shifts],
    leaked: [reused.leaked, model.leaked],
    unspecified: [reused.open !== null, model.unspecified],
    allocations: [reused.allocations, model.allocations],
    allocatedBytes: [reused.allocatedBytes, model.allocatedBytes],
  };
  for (const [what, [ours, theirs]] of Object.entries(pairs))
    if (ours !== theirs)
      return `${profile.name}, ${what}: ${ours}, the model says ${theirs}, of ${Buffer.from(message).toString("hex")} (${failAllocation})`;
  return null;
}
