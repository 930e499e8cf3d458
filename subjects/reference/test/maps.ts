import type { Fault } from "../fault.ts";
import { faultNamed } from "../faults.ts";
import { agreed } from "./asking.ts";

export const fault = (name: string): Fault => faultNamed(name) as Fault;

/** What a daemon answers to GET_FMAP of each of its files, asked for with enough room. */
export function mapsOf(f: Fault | null, start = 1): Map<string, Uint8Array> {
  const k = agreed(f, undefined, start);
  const messages = k.daemon.session.tree.files.map(
    ({ path }) => [path, k.fmap(k.find(path), 1 << 16).body] as const,
  );
  return new Map(messages);
}
