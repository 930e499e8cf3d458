import { type Profile, profileNamed } from "../../spec/index.ts";
import { concludeParser, type ParserFacts } from "./conclusion.ts";
import type { ParserReport } from "./outcome.ts";
import { ledgerOf, type ParserState } from "./stored.ts";

/** What an interrupted run of the parser suite has left: schema `journal`. */
export interface ParserJournal extends ParserFacts {
  readonly format: "fmapspec-journal";
  readonly version: 1;
  readonly suite: "parser";
  readonly profile: string;
  readonly state: ParserState;
  readonly digest?: string;
}

export const journalOf = (profile: Profile, facts: ParserFacts, state: ParserState): ParserJournal => ({
  format: "fmapspec-journal",
  version: 1,
  suite: "parser",
  fmapspec: facts.fmapspec,
  profile: profile.name,
  level: facts.level,
  seed: facts.seed,
  run: facts.run,
  subject: facts.subject,
  implementation: facts.implementation,
  state,
});

/** Said of a run that was stopped from outside. */
const INTERRUPTED = "interrupted";

/** The report of a run that is known by its journal alone: its failures are shown as they were found, without being shrunk. */
export function reportOfJournal(journal: ParserJournal): ParserReport {
  const { state } = journal;
  const ledger = ledgerOf([state]);
  for (const f of ledger.failures.values()) f.shown = true;
  return concludeParser(profileNamed(journal.profile) as Profile, journal, ledger, {
    ...state,
    ended: state.ended ?? INTERRUPTED,
  });
}
