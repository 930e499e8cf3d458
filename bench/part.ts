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

/** What one finder took for one mutant: messages judged, wall and processor time in seconds. */
export type Spent = readonly [executions: number, seconds: number, cpu: number];

/** What became of one finder in the contest. */
export interface Curve {
  readonly finder: string;
  /** What it took until the difference showed, for each mutant that it killed; by executions. */
  readonly kills: readonly Spent[];
  /** Mutants that it left alive, each with what it spent on it. */
  readonly survivors: readonly { readonly mutant: string; readonly spent: Spent }[];
  /** Seconds of wall time after which it gave up on a mutant. */
  readonly patience: number;
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
