import { type Breach, parseFmap, strict, type Trace, type Verdict } from "../oracles/index.ts";
import type { Profile } from "../spec/index.ts";

/** A verdict, with what was judged and by which revision: what an answer is held against. */
export type Judged = Verdict & {
  /** The revision that judged it. */
  readonly profile: Profile;
  /** The bytes that were judged. */
  readonly message: Uint8Array;
};

/** The circumstances in which a kernel judges a message. */
export interface JudgeOptions {
  /** This allocation of the parser's fails, counted from 1. */
  readonly failAllocation?: number;
  /** Is told of each check as it is made, in the kernel's order. */
  readonly trace?: Trace;
}

/** Says something of any message; never throws for one. */
export type Oracle<Answer> = (message: Uint8Array) => Answer;

/**
 * What the revision's kernel makes of one GET_FMAP reply: `accept` with the map that it then has, `reject` with errno, rule
 * and byte offset, or `unspecified` where no source settles a check; with the hazards on the way. Never throws for a message.
 */
export const judge = (profile: Profile, message: Uint8Array, options: JudgeOptions = {}): Judged => ({
  ...parseFmap(profile, message, options),
  profile,
  message,
});

/** {@link judge} for one revision: bug for bug what its C does. */
export const kernelOracle =
  (profile: Profile): Oracle<Judged> =>
  (message) =>
    judge(profile, message);

/**
 * What a careful parser would find unsafe in a message, whether that revision's kernel takes it or not: each breach with the
 * byte that shows it. Nothing: the message is safe.
 */
export const strictOracle =
  (profile: Profile): Oracle<readonly Breach[]> =>
  (message) =>
    strict(profile, message);
