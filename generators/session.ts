import fc from "fast-check";

/** One step of a session; numbers pick among what the session knows at that point, so that any step can be shrunk away. */
export type Step =
  | {
      readonly kind: "lookup" | "forget" | "getattr" | "open" | "release" | "getFmap";
      readonly which: number;
    }
  | { readonly kind: "lookupAgain" | "forgetAll"; readonly which: number }
  | { readonly kind: "together"; readonly which: number; readonly n: number };

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

const stepArb: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom(...KINDS), which: fc.nat(63) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("together" as const),
      which: fc.nat(63),
      n: fc.integer({ min: 2, max: 16 }),
    }),
  },
);

/** A session of a kernel with a daemon: shrinks to the shortest sequence of the simplest steps. */
export const sessionArb: fc.Arbitrary<Step[]> = fc.array(stepArb, { maxLength: 40, size: "max" });
