import type { Profile } from "../../spec/index.ts";
import { ruleBoundaries } from "../rule-boundaries.ts";
import { namedEnds } from "./named-ends.ts";
import { namedFaults, namedPairs } from "./named-faults.ts";
import { namedShapes } from "./named-shapes.ts";

/** The families of named messages. */
export const FAMILIES = ["Boundary", "SingleFault", "FaultPair", "MessageEnd", "Shape"] as const;

export type Family = (typeof FAMILIES)[number];

/** A message with a name that describes it: a path that stays the same when other messages are added or removed. */
export interface NamedMessage {
  readonly name: string;
  readonly family: Family;
  readonly message: Uint8Array;
}

/** All named messages for that profile's limits; some of them are equal. */
export function* namedMessages(profile: Profile): Generator<NamedMessage> {
  const families = {
    Boundary: ruleBoundaries,
    SingleFault: namedFaults,
    FaultPair: namedPairs,
    MessageEnd: namedEnds,
    Shape: namedShapes,
  } satisfies Record<Family, unknown>;
  for (const family of FAMILIES)
    for (const [name, message] of families[family](profile)) yield { name, family, message };
}
