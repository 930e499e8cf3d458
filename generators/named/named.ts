import type { Profile } from "../../spec/index.ts";
import { ruleBoundaries } from "../rule-boundaries.ts";
import { namedEnds } from "./named-ends.ts";
import { namedFaults, namedPairs } from "./named-faults.ts";
import { namedShapes } from "./named-shapes.ts";

/** How a chosen message came to be chosen. */
export const FAMILIES = ["Boundary", "SingleFault", "FaultPair", "MessageEnd", "Shape"] as const;

export type Family = (typeof FAMILIES)[number];

/** A chosen message, and a name that says what it is: a path that stays when others come and go. */
export interface NamedMessage {
  readonly name: string;
  readonly family: Family;
  readonly message: Uint8Array;
}

/** Every message that is worth keeping as bytes, for that profile's limits; some of them are equal. */
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
