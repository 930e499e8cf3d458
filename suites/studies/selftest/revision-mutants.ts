import { SubjectError } from "../../../base/errors.ts";
import { parseFmap, type Resolution, resolve } from "../../../oracles/index.ts";
import { PROFILES, type Profile, profileDifferences, profileNamed } from "../../../spec/index.ts";
import {
  FunctionSubject,
  type ParserFunction,
  type ResolvedRange,
} from "../../../subjects/driver/function.ts";
import { killOf, type RunFacts } from "./kill.ts";
import type { Mutant, Trial } from "./outcome.ts";

/**
 * Fields of a profile that no question to a parser shows: other requests, other ioctls, and the kernel's own memory. All
 * other fields are of the parser and the resolver.
 */
const ELSEWHERE = [
  "opcodes/",
  "minor",
  "initBit",
  "initGuarded",
  "request/",
  "replySize/",
  "exchange/",
  "install/",
  "daxdevs/",
  "limits/fmapMax",
  "errnos/bufferAlloc",
  "errnos/alreadyMapped",
  "errnos/lostRace",
  "parser/recheck",
  "parser/interleaved/frees",
];

/** Each revision's parser in place of every other one's. */
export const revisionMutants = (): Mutant[] =>
  PROFILES.flatMap((expected) =>
    PROFILES.filter((played) => played !== expected).map((played) => ({
      kind: "revision",
      name: `${played.name}-as-${expected.name}`,
      subject: `${played.title} is taken for ${expected.title}`,
      rule: null,
      equivalent: sameness(expected, played),
    })),
  );

/** Why no question to a parser distinguishes the two revisions; null: some question does. */
export function sameness(expected: Profile, played: Profile): string | null {
  const differences = profileDifferences(expected, played).map((d) => d.path);
  const others = differences.filter((path) => !ELSEWHERE.some((part) => path.startsWith(part)));
  if (others.length > 0) return null;
  return `the parser and the resolver are the same: all that differs is ${differences.join(", ")}`;
}

/** Tests the oracle of one revision as a parser of another. */
export async function tryRevision({ name }: Mutant, facts: RunFacts): Promise<Trial> {
  const [played, expected] = name.split("-as-").map((n) => profileNamed(n));
  if (played === undefined || expected === undefined)
    throw new SubjectError(`${name} is not of two revisions`);
  return killOf(() => new FunctionSubject(playing(played), 5000), expected, facts);
}

/** The oracle of a revision as a parser under test. */
function playing(profile: Profile): ParserFunction {
  return (message) => {
    const verdict = parseFmap(profile, message);
    if (verdict.verdict !== "accept") return verdict;
    const { map } = verdict;
    if (profile.resolver === null) return { verdict: "accept", map };
    return {
      verdict: "accept",
      map,
      resolve: (offset, length) => resolved(resolve(profile, map, offset, length)),
    };
  };
}

/** An undefined resolution becomes EIO, because the protocol has no answer for it. */
function resolved(r: Resolution): ResolvedRange {
  if (r.kind === "mapped") return r;
  if (r.kind === "empty") return { length: 0n };
  return { errno: r.kind === "failed" ? r.errno : "EIO" };
}
