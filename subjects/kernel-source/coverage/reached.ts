/** A line of the source that was not reached completely. */
export interface MissedLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** Reached branches of the line, and all; null: the line itself was not reached. */
  readonly branches: { readonly reached: number; readonly all: number } | null;
  /** Why no message can reach it; null: unknown. */
  readonly reason: string | null;
}

/** The coverage of a parser's own C in a run. */
export interface SourceCoverage {
  readonly lines: { readonly reached: number; readonly all: number };
  readonly branches: { readonly reached: number; readonly all: number };
  /** In the order of the source. */
  readonly missed: readonly MissedLine[];
}
