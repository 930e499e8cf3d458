import { build, faultChoice, type Recipe, RecipeStream, recipe } from "../../../generators/index.ts";
import { type KernelParser, resolve, verdictOf } from "../../../oracles/index.ts";
import {
  type Fmap,
  holdsIn,
  MIB2,
  type Needs,
  PAGE64,
  type Profile,
  type RuleId,
  rule as ruleOf,
  S64_MAX,
} from "../../../spec/index.ts";
import type { ParserSubject, Question } from "../../../subjects/driver/subject.ts";
import type { Level } from "../../run/outcome.ts";

/** A question whose circumstances matter, and the rules that a right answer is credited to. */
export interface SpecialQuestion {
  readonly question: Question;
  readonly recipe: Recipe;
  readonly uses: readonly RuleId[];
}

/** Random messages whose offsets are resolved, by level. */
const RESOLVED = { quick: 300, full: 3000, soak: 30_000 } as const;

const SIMPLE = recipe({ count: 1, lengths: 1 });
const INTERLEAVED = recipe({ kind: 1, count: 2, strips: 1, lengths: 1 });
const REFUSED = recipe({ count: 1, fault1: faultChoice("offset off alignment") });

const SCENES = [
  ["plain", "install/publish", "install/parse-error"],
  ["mapped", "install/already-mapped", "install/already-mapped"],
  ["lostRace", "install/lost-race", "install/parse-error"],
  ["lateRival", "install/set-refused", "install/parse-error"],
  ["lateRival", "install/meta-set", "install/parse-error"],
  ["evict", "install/meta-free", "install/parse-error"],
] as const;

/** Failing allocations, scenes of the installation and resolutions, as far as the abilities go. */
export function* specialQuestions(
  { abilities, exempt }: Pick<ParserSubject, "abilities" | "exempt">,
  { profile, level, seed }: { profile: Profile; level: Level; seed: number },
  oracle: KernelParser,
): Generator<SpecialQuestion> {
  if (abilities.has("allocation")) yield* failingAllocations(profile, oracle);
  if (abilities.has("install")) yield* scenes(profile, exempt, oracle);
  if (abilities.has("resolution")) yield* resolutions(profile, RESOLVED[level], seed, oracle, abilities);
}

function judged(oracle: KernelParser, message: Uint8Array, failAllocation = 0): number {
  return oracle.parse(new DataView(message.buffer, 0, message.length), 0, message.length, failAllocation);
}

/** Each allocation of messages of every shape fails in turn, and one more than there are, which must change nothing. */
function* failingAllocations(profile: Profile, oracle: KernelParser): Generator<SpecialQuestion> {
  const shapes = [
    recipe({}),
    SIMPLE,
    recipe({ kind: 1 }),
    INTERLEAVED,
    recipe({ kind: 1, count: 3, strips: 2, ragged: 1 }),
    recipe({
      kind: 1,
      count: 1,
      fault1: faultChoice("nstrips without the bytes"),
      value1: 1,
      where1: 1,
      fit: 3,
    }),
  ];
  for (const shape of shapes) {
    const message = build(shape, profile).bytes;
    judged(oracle, message);
    const last = oracle.allocations + 1;
    for (let failAllocation = 1; failAllocation <= last; failAllocation++) {
      const rule = judged(oracle, message, failAllocation) === 0 ? "fmap/map/simple" : oracle.rule;
      const uses = oracle.open === null ? [rule] : [];
      yield { question: { message, failAllocation }, recipe: shape, uses };
    }
  }
}

function* scenes(
  profile: Profile,
  exempt: ParserSubject["exempt"],
  oracle: KernelParser,
): Generator<SpecialQuestion> {
  for (const [scene, accepted, refused] of SCENES) {
    if (exempt.has(accepted)) continue;
    for (const shape of [SIMPLE, INTERLEAVED, REFUSED]) {
      const message = build(shape, profile).bytes;
      const refuses = judged(oracle, message) !== 0;
      if (oracle.open !== null) continue;
      const rule = refuses ? refused : accepted;
      const uses = [holdsIn(ruleOf(rule), profile) ? rule : "install/lost-race"] as const;
      yield { question: { message, scene }, recipe: shape, uses };
    }
  }
}

/** Offsets at every edge of maps of every shape, of random maps, and of files in a bad state. */
function* resolutions(
  profile: Profile,
  random: number,
  seed: number,
  oracle: KernelParser,
  abilities: ReadonlySet<Needs>,
): Generator<SpecialQuestion> {
  const chunk = faultChoice("chunk size");
  const shapes: Recipe[] = [];
  for (const count of [0, 1, 2])
    for (const lengths of [0, 1, 3, 5]) {
      shapes.push(recipe({ count, lengths, offsets: 4 }));
      for (const value1 of [1, 2, 3, 7])
        for (const strips of [0, 1, 2])
          shapes.push(recipe({ kind: 1, count, strips, lengths, fault1: chunk, value1, where1: 2 }));
      shapes.push(recipe({ kind: 1, count, strips: 2, lengths, offsets: 4 }));
    }
  const stream = new RecipeStream(seed);
  for (let i = 0; i < random; i++) shapes.push(stream.next());
  for (const shape of shapes) {
    const message = build(shape, profile).bytes;
    if (judged(oracle, message) !== 0) continue;
    const verdict = verdictOf(oracle, message.length);
    if (verdict.verdict !== "accept") continue;
    const { map } = verdict;
    const pairs = edges(map).filter(([o, w]) => resolve(profile, map, o, w).kind !== "unspecified");
    if (pairs.length > 0)
      yield {
        question: { message, resolve: pairs },
        recipe: shape,
        uses: [`resolve/${map.extType}`, "resolve/past-end"],
      };
  }
  if (!abilities.has("install") || profile.resolver === null) return;
  for (const scene of ["noTable", "sizeChanged", "daxCleared"] as const)
    for (const shape of [SIMPLE, INTERLEAVED])
      yield {
        question: { message: build(shape, profile).bytes, scene, resolve: [[0n, 4096n]] },
        recipe: shape,
        uses: ["resolve/bad-file"],
      };
}

/** File offsets (s64, not negative) where a resolver may err, each with a length to ask for. */
function edges(map: Fmap): (readonly [bigint, bigint])[] {
  const at = new Set([0n, 1n, PAGE64 - 1n, PAGE64, map.fileSize - 1n, map.fileSize, S64_MAX]);
  let end = 0n;
  const around = (n: bigint) => {
    for (const o of [n - 1n, n, n + 1n]) at.add(o);
  };
  if (map.extType === "simple") {
    for (const { length } of map.extents.slice(0, 4)) {
      end += length;
      around(end);
    }
  } else {
    for (const { chunkSize, nbytes, strips } of map.extents.slice(0, 3)) {
      for (const k of [1n, 2n, BigInt(strips.length), BigInt(strips.length) + 1n])
        around(end + k * chunkSize);
      end += nbytes;
      around(end);
    }
  }
  const wants = [PAGE64, 1n, MIB2, S64_MAX];
  return [...at].filter((o) => o >= 0n && o <= S64_MAX).map((o, i) => [o, wants[i % wants.length] as bigint]);
}
