import type { RunJournal, Suite } from "../run/states.ts";
import { concludeParser, type ParserFacts } from "./conclusion.ts";
import type { ParserReport } from "./outcome.ts";
import { ledgerOf, ledgerToJson, type ParserState } from "./stored.ts";

/** What an interrupted run of the parser suite has left. */
export type ParserJournal = RunJournal<"parser", ParserFacts, ParserState>;

export const PARSER_SUITE: Suite<ParserFacts, ParserState, ParserReport> = {
  ended: ({ ended }) => ended,
  interrupted({ parts = [], ...state }) {
    const ledger = ledgerOf([state, ...parts]);
    // There was no time to shrink them.
    for (const f of ledger.failures.values()) f.shown = true;
    return { ...state, ended: state.ended ?? "interrupted", ledger: ledgerToJson(ledger) };
  },
  sum(states, { seconds, notes, endings, missing }) {
    const why = endings.map((e) => `shard ${e.shard}: ${e.why}`);
    if (missing !== null) why.push(missing);
    return {
      ...states[0],
      seconds,
      notes,
      ended: why.length === 0 ? null : why.join("; "),
      ledger: ledgerToJson(ledgerOf(states)),
    };
  },
  conclude: (profile, facts, state) => concludeParser(profile, facts, ledgerOf([state]), state),
};
