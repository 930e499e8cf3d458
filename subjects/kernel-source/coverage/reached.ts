/** A line of the source in which something was not reached. */
export interface MissedLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** Branches of the line that were taken, of all; null: the line itself was not reached. */
  readonly branches: { readonly reached: number; readonly all: number } | null;
  /** Why no message can reach it; null: nobody knows. */
  readonly reason: string | null;
}

/** What a run reached of a parser's own C. */
export interface SourceCoverage {
  readonly lines: { readonly reached: number; readonly all: number };
  readonly branches: { readonly reached: number; readonly all: number };
  /** In the order of the source. */
  readonly missed: readonly MissedLine[];
}
