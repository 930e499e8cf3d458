/**
 * How a subject failed to answer: died by a signal, ended by itself, did not answer at all, answered too late, or said
 * something that is no answer.
 */
export interface Breakdown {
  readonly kind: "crash" | "exit" | "hang" | "slow" | "garbage";
  readonly detail: string;
}

export const isBreakdown = (x: object): x is Breakdown => "kind" in x && "detail" in x;
