import type { Repeats } from "./outcome.ts";

/** Times that a failure is asked again from what is stored of it. */
const TRIES = 3;

/** Counts how often `fails` says so in so many times, one after the other; null: it said that there is no telling. */
export async function repeat(
  fails: (n: number) => Promise<boolean | null>,
  tries = TRIES,
): Promise<Repeats | null> {
  let failed = 0;
  for (let n = 0; n < tries; n++) {
    const wrong = await fails(n);
    if (wrong === null) return null;
    if (wrong) failed++;
  }
  return { tries, failed };
}

/** How a failure comes and goes, `flaky: failed 1 of 3 times`; null: it fails each time, or nobody asked again. */
export const flakiness = (repeats: Repeats | undefined): string | null =>
  repeats === undefined || repeats.failed === repeats.tries
    ? null
    : `flaky: failed ${repeats.failed} of ${repeats.tries} times when it was asked again`;
