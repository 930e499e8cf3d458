import { type Profile, profileNamed } from "../../spec/index.ts";
import { concludeDaemon } from "./conclusion.ts";
import type { DaemonFacts, DaemonReport, DaemonState } from "./outcome.ts";

/** What an interrupted run over a daemon has left: schema `journal`. */
export interface DaemonJournal extends DaemonFacts {
  readonly format: "fmapspec-journal";
  readonly version: 1;
  readonly suite: "daemon";
  readonly profile: string;
  readonly state: DaemonState;
  readonly digest?: string;
}

export const daemonJournal = (profile: Profile, facts: DaemonFacts, state: DaemonState): DaemonJournal => ({
  format: "fmapspec-journal",
  version: 1,
  suite: "daemon",
  fmapspec: facts.fmapspec,
  profile: profile.name,
  level: facts.level,
  seed: facts.seed,
  run: facts.run,
  subject: facts.subject,
  state,
});

/** The report of a run that is known by its journal alone. */
export function reportOfDaemonJournal(journal: DaemonJournal): DaemonReport {
  const profile = profileNamed(journal.profile) as Profile;
  return concludeDaemon(profile, journal, { ...journal.state, complete: false });
}
