import type { Counterexample } from "../../suites/index.ts";
import type { Replayed } from "../../suites/parser/replay.ts";
import type { Context } from "../context.ts";

/** Says what became of a stored failure, and what else there is to say of one that is still there; returns the exit status. */
export function tellReplayed(
  { outcome, now }: Replayed,
  c: Counterexample,
  { print, paint }: Context,
  more = "",
): number {
  const word = outcome.toUpperCase();
  if (outcome === "fixed") {
    print(`${paint("green", word)} ${c.rule}\n`);
    return 0;
  }
  print(`${paint("red", word)} ${c.rule}: ${now.join("; ")}\n${more}`);
  if (outcome === "different") print(`  when it was stored: ${c.actual}\n`);
  return 1;
}
