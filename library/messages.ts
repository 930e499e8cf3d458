import fc from "fast-check";
import { counted } from "../base/counted.ts";
import { messageArbOf, validMessageArbOf } from "../generators/index.ts";
import { parseFmap } from "../oracles/index.ts";
import { plain } from "../reports/index.ts";
import { decidingByte, renderDump } from "../reports/terminal/dump.ts";
import { hexOf, type Profile, type RuleId } from "../spec/index.ts";

/** A generated GET_FMAP reply. A property that fails on one prints it field by field, with the kernel's verdict. */
export class FmapMessage {
  /** The reply as a daemon would send it, without the FUSE header. */
  readonly bytes: Uint8Array;
  /** The rules that it was made to break or to use, first the one that matters most. */
  readonly rules: readonly RuleId[];
  /** The revision that it was made for. */
  readonly profile: Profile;

  /** A message of these bytes, as the arbitraries make them. */
  constructor(bytes: Uint8Array, rules: readonly RuleId[], profile: Profile) {
    this.bytes = bytes;
    this.rules = rules;
    this.profile = profile;
  }

  /** The bytes in hex, as `fmapspec judge` takes them. */
  get hex(): string {
    return hexOf(this.bytes);
  }

  /** The bytes field by field, and the byte that decides if the revision refuses them. */
  toString(): string {
    const verdict = parseFmap(this.profile, this.bytes);
    const marks = decidingByte(verdict);
    const outcome = verdict.verdict === "reject" ? verdict.errno : verdict.verdict;
    return `${counted(this.bytes.length, "byte")}, ${this.profile.name} says ${outcome}: ${this.hex}\n${renderDump(this.bytes, marks, plain, this.profile.name)}\n`;
  }

  /** What fast-check prints of a counterexample. */
  [fc.toStringMethod](): string {
    return `\n${this}`;
  }
}

/**
 * Any GET_FMAP reply for that revision, valid or adversarial: boundaries of every field, cut, padded and damaged messages.
 * Shrinks to few extents with plain numbers.
 */
export const fmapArb = (profile: Profile): fc.Arbitrary<FmapMessage> =>
  messageArbOf(profile).map(({ bytes, tags }) => new FmapMessage(bytes, tags, profile));

/** A GET_FMAP reply that the revision takes: as many extents and strips as it allows, disjoint, file_size exact. */
export const validFmapArb = (profile: Profile): fc.Arbitrary<FmapMessage> =>
  validMessageArbOf(profile).map((bytes) => new FmapMessage(bytes, [], profile));
