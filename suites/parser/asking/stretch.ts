import type { ParserSubject, SubjectDescription } from "../../../subjects/driver/subject.ts";
import type { ParserState } from "../stored.ts";
import type { Extent } from "./recipes.ts";

/** Positions `from` to `to` of a run, `to` not among them: what one worker does at a time. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Positions in a stretch: some tenths of a second of work, so that little is lost when a run is stopped. */
export const STRETCH: Readonly<Record<ParserSubject["pace"], number>> = {
  bulk: 1 << 16,
  line: 1 << 10,
  process: 1 << 6,
};

/** What a worker has to know of the run that it works for. */
export interface SharedRun extends Extent {
  readonly subject: SubjectDescription;
  readonly profile: string;
  readonly timeout: number;
  readonly failFast: boolean;
  readonly filters: readonly string[];
}

/** What a worker is told: a stretch to do, to break off the one that it does, or to end. */
export type Told = Stretch | "break off" | "end";

/** What a worker says: that its subject has started, what came of a stretch, or why it cannot go on. */
export type Said =
  | { readonly started: string }
  | { readonly stretch: Stretch; readonly state: ParserState }
  | { readonly failed: string };
