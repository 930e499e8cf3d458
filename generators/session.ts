import fc from "fast-check";

const KINDS = [
  "getFmap",
  "lookup",
  "getattr",
  "lookupAgain",
  "forget",
  "forgetAll",
  "open",
  "release",
] as const;

/** One step of a session; `which` picks among the nodes or handles known at that point, so every step is possible anywhere. */
export type Step =
  | { readonly kind: (typeof KINDS)[number]; readonly which: number }
  | { readonly kind: "together"; readonly which: number; readonly n: number };

/** Mostly one of the first few, so that a session often returns to the same file: some faults need its third LOOKUP. */
const whichArb = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(63) });

const stepArb: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom(...KINDS), which: whichArb }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("together" as const),
      which: whichArb,
      n: fc.integer({ min: 2, max: 16 }),
    }),
  },
);

/** A session of a kernel with a daemon. */
export const sessionArb: fc.Arbitrary<Step[]> = fc.array(stepArb, { maxLength: 40, size: "max" });
