import type { TraceStep } from "../../../oracles/index.ts";

/** Sides of a bound: at it, one step off, or so many powers of two away. */
export const AT = 0;
export const ONE_ABOVE = 1;
export const ONE_BELOW = 2;
const ABOVE = 3;
const BELOW = 4;

/** Powers of two are told apart in steps of so many: what matters is whether a step brought the number nearer. */
const STEP = 6;

/** How near to its bound a check's number is, as a small number: AT, ONE_ABOVE, ONE_BELOW, or how far away. */
export function nearness({ actual, relation, bound }: TraceStep): number {
  if (relation === "multiple of") return alignment(Number(actual), Number(bound));
  const difference = typeof actual === "bigint" ? Number(actual - BigInt(bound)) : actual - Number(bound);
  return side(difference, Math.abs(difference));
}

/** Whether a number is one of the three values that a limit is usually got wrong at. */
export const isNear = (nearness: number): boolean => nearness <= ONE_BELOW;

function side(difference: number, distance: number): number {
  if (distance === 0) return AT;
  if (distance === 1) return difference > 0 ? ONE_ABOVE : ONE_BELOW;
  return (difference > 0 ? ABOVE : BELOW) + 2 * Math.floor(Math.log2(distance) / STEP);
}

/** How far a number is beyond a multiple of a power of two. */
function alignment(actual: number, unit: number): number {
  const beyond = actual % unit;
  if (beyond === 0) return AT;
  if (beyond === 1) return ONE_ABOVE;
  if (beyond === unit - 1) return ONE_BELOW;
  return ABOVE + 2 * Math.floor(Math.log2(beyond & -beyond) / STEP);
}
