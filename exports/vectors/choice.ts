import { namedMessages } from "../../generators/index.ts";
import type { Profile } from "../../spec/index.ts";
import { type Examination, examine } from "../../suites/studies/findings/divergence.ts";
import { simpler } from "../../suites/studies/findings/search.ts";

/** A message that is worth a vector. */
export interface Chosen {
  /** The first name of the message: a path that describes it. */
  readonly id: string;
  /** The families that contain it, and each divergence whose simplest witness it is. */
  readonly flags: readonly string[];
  readonly message: Uint8Array;
}

/**
 * The messages of a profile's vectors, each once: both sides of every rule, every value of every fault, every ordered pair
 * of faults, messages that end early or late, small valid maps. The witness of a divergence is the simplest message that
 * has it.
 */
export function choose(profile: Profile): Chosen[] {
  const chosen = new Map<string, { id: string; flags: Set<string>; message: Uint8Array }>();
  const witnesses = new Map<string, { message: Uint8Array; examination: Examination }>();
  for (const { name, family, message } of namedMessages(profile)) {
    const key = Buffer.from(message).toString("latin1");
    const known = chosen.get(key);
    if (known !== undefined) {
      known.flags.add(family);
      continue;
    }
    chosen.set(key, { id: name, flags: new Set([family]), message });
    const witness = { message, examination: examine(profile, message) };
    for (const { id } of witness.examination.divergences) {
      const before = witnesses.get(id);
      if (before === undefined || simpler(witness, before)) witnesses.set(id, witness);
    }
  }
  for (const [id, { message }] of [...witnesses].sort(([a], [b]) => (a < b ? -1 : 1)))
    chosen.get(Buffer.from(message).toString("latin1"))?.flags.add(id);
  return [...chosen.values()].map(({ id, flags, message }) => ({ id, flags: [...flags], message }));
}
