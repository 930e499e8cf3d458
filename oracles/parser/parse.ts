import {
  type ErrnoName,
  errnoName,
  type HazardId,
  type Profile,
  readMapRecord,
  rule,
  unsettledIn,
} from "../../spec/index.ts";
import { KernelParser, PAID_ALLOCATION_FACTOR } from "./kernel-parser.ts";
import type { Hazard, Trace, Verdict } from "./verdict.ts";

export interface ParseOptions {
  /** The n-th allocation fails, counted from 1. */
  readonly failAllocation?: number;
  readonly trace?: Trace;
}

/** The verdict of the profile's kernel on the message, with the hazards and the map. */
export function parseFmap(profile: Profile, message: Uint8Array, options: ParseOptions = {}): Verdict {
  const parser = new KernelParser(profile);
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  parser.parse(view, 0, message.length, options.failAllocation ?? 0, options.trace ?? null);
  return verdictOf(parser, message.length);
}

/** The parser's last result as a readable verdict; `size`: length of the message. */
export function verdictOf(parser: KernelParser, size: number): Verdict {
  const hazards = hazardsOf(parser, size);
  if (parser.open !== null) {
    const reason = unsettledIn(rule(parser.open), parser.profile) as string;
    return { verdict: "unspecified", rule: parser.open, offset: parser.openAt, reason, hazards };
  }
  if (parser.rc === 0) return { verdict: "accept", map: readMapRecord(parser.map()), hazards };
  return {
    verdict: "reject",
    errno: errnoName(-parser.rc) as ErrnoName,
    rule: parser.rule,
    offset: parser.at,
    hazards,
  };
}

function hazardsOf(parser: KernelParser, size: number): Hazard[] {
  const hazards: Hazard[] = [];
  const add = (rule: HazardId, offset: number, count: number) => {
    if (count > 0) hazards.push({ rule, offset, count });
  };
  add("hazard/devindex-shift", parser.shiftAt, parser.shifts);
  add("hazard/strips-leak", parser.leakAt, parser.leaked);
  add("hazard/unpaid-allocation", 0, parser.allocatedBytes > PAID_ALLOCATION_FACTOR * size ? 1 : 0);
  return hazards;
}
