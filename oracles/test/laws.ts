import { DEFAULT_PROFILE, ERRNO, writeMapRecord } from "../../spec/index.ts";
import { KernelParser } from "../kernel-parser.ts";
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
    reply: Buffer.from(parser.reply.buffer, 0, parser.replyLength).toString("hex"),
  };
}

const reused = new KernelParser(DEFAULT_PROFILE);

/** Law: the parser and the readable model say the same of the message; else what differs. */
export function disagreement(message: Uint8Array, failAllocation = 0): string | null {
  const ours = judged(reused, message, failAllocation);
  const model = readableModel(message, failAllocation);
  const rc = Buffer.alloc(4);
  rc.writeInt32LE(model.errno === null ? 0 : -ERRNO[model.errno]);
  const reply = Buffer.concat([rc, model.map === null ? Buffer.of() : writeMapRecord(model.map)]).toString(
    "hex",
  );
  const pairs = {
    reply: [ours.reply, reply],
    rule: [ours.rule, model.rule],
    shifts: [ours.shifts, model.shifts],
    leaked: [ours.leaked, model.leaked],
    allocations: [ours.allocations, model.allocations],
    allocatedBytes: [ours.allocatedBytes, model.allocatedBytes],
  };
  for (const [what, [a, b]] of Object.entries(pairs))
    if (a !== b)
      return `${what}: ${a}, the model says ${b}, of ${Buffer.from(message).toString("hex")} (${failAllocation})`;
  return null;
}
