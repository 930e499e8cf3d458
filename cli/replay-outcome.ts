import type { Counterexample } from "../suites/index.ts";
import { sameness } from "../suites/parser/ledger.ts";
import type { Context } from "./context.ts";

/** Says what became of a stored failure, by all that goes wrong now; returns the exit status. */
export function tellReplayed(c: Counterexample, now: readonly string[], { print, paint }: Context): number {
  if (now.length === 0) {
    print(`${paint("green", "FIXED")} ${c.rule}\n`);
    return 0;
  }
  const same = now.some((actual) => sameness(actual) === sameness(c.actual));
  const how = same ? "FAILED" : "DIFFERENT";
  print(`${paint("red", how)} ${c.rule}: ${now.join("; ")}\n`);
  if (!same) print(`  when it was stored: ${c.actual}\n`);
  return 1;
}
