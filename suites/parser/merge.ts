import { type Profile, profileNamed } from "../../spec/index.ts";
import type { Shard } from "../run/outcome.ts";
import { concludeParser } from "./conclusion.ts";
import type { ParserReport } from "./outcome.ts";
import { ledgerOf, type ParserState } from "./stored.ts";

/** A shard's report with what it takes to put shards together. */
export type ParserShard = ParserReport & { readonly state: ParserState };

/**
 * The report of the whole run from the reports of its shards, which are of one run and in their order. `missing`: which
 * shards are not there, as a sentence; null: all are.
 */
export function mergeParserShards(shards: readonly ParserShard[], missing: string | null): ParserReport {
  const [first] = shards as readonly [ParserShard, ...ParserShard[]];
  const ledger = ledgerOf(shards.map(({ state }) => state));
  const endings = shards.flatMap(({ run, state }) =>
    state.ended === null ? [] : [`shard ${(run.shard as Shard).i}: ${state.ended}`],
  );
  if (missing !== null) endings.push(missing);
  const facts = { ...first, run: { ...first.run, shard: null } };
  return concludeParser(profileNamed(first.profile) as Profile, facts, ledger, {
    ended: endings.length === 0 ? null : endings.join("; "),
    seconds: shards.reduce((n, { state }) => n + state.seconds, 0),
    notes: [...new Set(shards.flatMap(({ state }) => state.notes))],
    unable: first.state.unable,
  });
}
