/** What a measured number has to be. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One measured number. */
export interface Figure {
  /** Path of the number, the same in every run: `oracle/8 extents/ratio`. */
  readonly id: string;
  readonly unit: string;
  /** The best of the rounds where rounds were run: what other work on the machine disturbs least. */
  readonly value: number;
  /** The median of the same rounds, which shows how much was disturbed. */
  readonly median?: number;
  readonly goal?: Goal;
}

/** What one finder made of one mutant in the contest. */
export interface Try {
  readonly mutant: string;
  /** It showed a difference from the original. */
  readonly found: boolean;
  /** Messages until then, or all that were tried. */
  readonly executions: number;
  /** Wall and processor time in seconds, of compiling what the finder needs, and from its start to its end. */
  readonly compileSeconds: number;
  readonly compileCpu: number;
  readonly seconds: number;
  readonly cpu: number;
}

/** A finder's whole contest. */
export interface Curve {
  readonly finder: string;
  /** Seconds of wall time after which it gave up on a mutant. */
  readonly patience: number;
  readonly tries: readonly Try[];
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly curves?: readonly Curve[];
  /** What was left out, and why. */
  readonly notes?: readonly string[];
}

/** How much is measured. */
export interface Effort {
  /** A smoke: every line is run, and no number is worth anything. */
  readonly quick: boolean;
  /** Contest: every n-th mutant; seconds that a finder has for each; mutants at once. */
  readonly every: number;
  readonly patience: number;
  readonly jobs: number;
  /** Contest: only these finders; what the others did in an earlier run stands. None: all. */
  readonly finders: readonly string[];
  readonly earlier: readonly Curve[];
  /** A folder of the part's own, removed when the part is done. */
  readonly folder: string;
  /** Progress, for people. */
  readonly say: (text: string) => void;
}

export interface Part {
  readonly summary: string;
  /** Programs without which it cannot be measured. */
  readonly needs: readonly string[];
  readonly run: (effort: Effort) => Promise<Measured>;
}

/** Whether the number is what it has to be; a number without a goal is. */
export const isMet = ({ value, goal }: Figure): boolean =>
  goal === undefined || ("atMost" in goal ? value <= goal.atMost : value >= goal.atLeast);

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
