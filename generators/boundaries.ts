import { BOUNDARY_COUNTS } from "./base.ts";
import { FAULTS, faultChoice } from "./faults.ts";
import { inTurn } from "./in-turn.ts";
import { recipe, SLOTS, type Slot } from "./recipe.ts";

/** Choices of `count` and `strips` that stand for 1, 2, 3, 4, 32, 33, 17, 18, 31, 34, 16, 64, and then for 1, 2, 3... */
const COUNT = {
  one: 0,
  two: 1,
  three: 2,
  limit: 4,
  over: 5,
  seventeen: 6,
  eight: BOUNDARY_COUNTS + 7,
} as const;

/** Choices that make a recipe; all others are 0. */
type Choices = Partial<Record<Slot, number>>;

/** Step between the circumstances of two rounds: large, so that they differ, and a prime, so that all are reached. */
const STEP = 61;

/** The choice of `fit` that makes file_size zero. */
const FIT_NOTHING = 3;

/**
 * The fixed table at the start of every run: each boundary of each field alone, the limits with all their bytes, every
 * place where a short message can end, and pairs of faults whose order decides on the errno.
 *
 * Its families take turns, so that a bug that only one family finds does not wait for all messages of another. The thin
 * table comes before the full one, because its few hundred messages find most bugs.
 *
 * `thin`: only the thin table, which still reaches every rule: for subjects that need milliseconds for a message.
 */
export function* boundaryRecipes(thin = false): Generator<number[]> {
  yield* inTurn(singleFaults(true), validShapes(true), fileSizes(true), ends(true));
  if (thin) return;
  yield* inTurn(
    singleFaults(false),
    validShapes(false),
    fileSizes(false),
    ends(false),
    emptyFiles(),
    beyondLimits(),
    manyFaults(),
    pairs(),
  );
}

function* validShapes(thin: boolean): Generator<number[]> {
  yield* inTurn(
    lengthsAndOffsets(simpleShapes(thin), thin),
    lengthsAndOffsets(interleavedShapes(thin), thin),
    irregularShapes(),
  );
}

const countsOf = (thin: boolean) =>
  thin ? [COUNT.one, COUNT.two, COUNT.limit, COUNT.over] : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

const simpleShapes = (thin: boolean): Choices[] => countsOf(thin).map((count) => ({ kind: 0, count }));

/** Every number of extents with every number of strips; each number occurs once before any occurs again. */
function interleavedShapes(thin: boolean): Choices[] {
  const counts = countsOf(thin);
  return counts.flatMap((_, shift) =>
    counts.map((count, i) => ({ kind: 1, count, strips: counts[(i + shift) % counts.length] as number })),
  );
}

/** Every shape with every pattern of lengths, or with two patterns: all shapes once, then all shapes again. */
function* lengthsAndOffsets(shapes: readonly Choices[], thin: boolean): Generator<number[]> {
  for (let round = 0; round < (thin ? 2 : SLOTS.lengths + 1); round++)
    for (const [i, shape] of shapes.entries()) {
      const lengths = (round + i) % (SLOTS.lengths + 1);
      yield recipe({
        ...shape,
        lengths,
        offsets: (round + 2 * i) % (SLOTS.offsets + 1),
        ragged: lengths % 2,
      });
    }
}

function* irregularShapes(): Generator<number[]> {
  for (const kind of [0, 1]) yield recipe({ kind, count: COUNT.two, strips: COUNT.two, offsets: 3 });
  // The limit of strips applies to the last extent, too.
  yield recipe({ kind: 1, count: COUNT.two, strips: COUNT.over, ragged: 2 });
  // Without strips file_size is 0, or what the other extents carry.
  const none = { kind: 1, fault1: faultChoice("nstrips without the bytes"), value1: 1 };
  yield recipe({ ...none, fit: FIT_NOTHING });
  yield recipe({ ...none, count: COUNT.two, fit: 5 });
  yield recipe({ ...none, count: COUNT.two, where1: 1, fit: FIT_NOTHING });
}

function* singleFaults(thin: boolean): Generator<number[]> {
  const circumstances = (thin ? THIN_SHAPES : SHAPES).flatMap(({ wheres, refits, ...shape }) =>
    wheres.flatMap((where1) =>
      refits.flatMap((refit) => [0, 1].map((kind) => ({ ...shape, kind, where1, refit }))),
    ),
  );
  yield* eachFault(circumstances, thin ? 4 : 16);
}

/**
 * Every fault in all circumstances, with up to `limit` values. The first messages have each fault once; a repeated fault
 * has other circumstances.
 */
function* eachFault(circumstances: readonly Choices[], limit = 16): Generator<number[]> {
  for (let round = 0; round < circumstances.length; round++)
    for (let value1 = 0; value1 < limit; value1++)
      for (const [i, { values, simple }] of FAULTS.entries()) {
        const around = circumstances[(round * STEP + value1 + i) % circumstances.length] as Choices;
        if (value1 >= values || (simple === null && around.kind === 0)) continue;
        yield recipe({ lengths: 1, ...around, fault1: i + 1, value1 });
      }
}

const everywhere = { refits: [0, 1], wheres: Array.from({ length: SLOTS.where1 + 1 }, (_, i) => i) };

const SHAPES = [
  { ...everywhere, count: COUNT.one, strips: COUNT.one },
  { ...everywhere, count: COUNT.two, strips: COUNT.two },
  { ...everywhere, count: COUNT.three, strips: COUNT.three, ragged: 1 },
  { ...everywhere, count: COUNT.seventeen, strips: COUNT.seventeen },
  { ...everywhere, count: COUNT.limit, strips: COUNT.two },
];

const THIN_SHAPES = [
  { refits: [1], wheres: [0], count: COUNT.two, strips: COUNT.two },
  // Lengths that fit one strip each, so that the checks of whole extents pass.
  { refits: [0], wheres: [0], count: COUNT.two, strips: COUNT.one, lengths: 0 },
  { refits: [1], wheres: [1], count: COUNT.two, strips: COUNT.one, lengths: 0 },
];

function* fileSizes(thin: boolean): Generator<number[]> {
  const edge = faultChoice("length at an edge");
  for (const kind of [0, 1]) {
    for (let fit = 0; fit <= SLOTS.fit; fit++) {
      for (const count of thin ? [COUNT.one] : [COUNT.one, COUNT.two, COUNT.three, COUNT.limit]) {
        yield recipe({ kind, count, strips: count, fit });
        for (let value1 = 0; !thin && value1 <= 7; value1++) {
          for (const where1 of [0, 2])
            yield recipe({ kind, count, fit, fault1: edge, value1, where1, refit: 1 });
        }
      }
    }
  }
}

function* ends(thin: boolean): Generator<number[]> {
  const shapes = [
    { kind: 0, count: COUNT.one },
    { kind: 0, count: COUNT.two },
    { kind: 1, count: COUNT.one, strips: COUNT.two },
    { kind: 1, count: COUNT.two, strips: COUNT.one },
    { kind: 1, count: COUNT.three, strips: COUNT.two, ragged: 1 },
  ];
  yield* inTurn(
    ...shapes.flatMap((shape) => [longerAndShorter(shape), cutsOf(shape, thin ? 8 : 1)]),
    endsAtLimits(),
  );
}

/** The message cut after every `step` bytes. */
function* cutsOf(shape: Choices, step: number): Generator<number[]> {
  for (let tailAt = 0; tailAt <= 300; tailAt += step) yield recipe({ ...shape, tail: 1, tailAt });
}

/** The message with some bytes less, and with some bytes more. */
function* longerAndShorter(shape: Choices): Generator<number[]> {
  for (const tailAt of [1, 24, 8, 4096, 2, 4, 7, 23, 25, 48, 100, 32_000])
    for (const tail of [2, 3]) yield recipe({ ...shape, tail, tailAt });
}

function* endsAtLimits(): Generator<number[]> {
  // A short message may announce more extents than the limit.
  for (const value1 of [3, 6, 11, 13])
    for (const tailAt of [31, 32, 33, 55, 56])
      yield recipe({ fault1: faultChoice("nextents without the bytes"), value1, tail: 1, tailAt });
  for (const count of [COUNT.limit, COUNT.over])
    for (const strips of [COUNT.one, COUNT.limit, COUNT.over])
      for (const kind of [0, 1])
        for (const tailAt of [1, 24, 25]) yield recipe({ kind, count, strips, tail: 2, tailAt });
}

/** With file_size 0 the check of the sum passes, so it cannot replace an earlier check that a parser lacks. */
const emptyFiles = () =>
  eachFault(
    [0, 1].flatMap((kind) => [
      { kind, fit: FIT_NOTHING },
      { kind, count: COUNT.two, strips: COUNT.two, fit: FIT_NOTHING },
      { kind, count: COUNT.two, strips: COUNT.two, fit: FIT_NOTHING, where1: 1 },
    ]),
  );

/** Some revisions have a special errno for too many extents: which other fault outranks it? */
const beyondLimits = () =>
  eachFault(
    [0, 1].flatMap((kind) => [
      { kind, count: COUNT.over },
      { kind, count: COUNT.over, fit: FIT_NOTHING },
      { kind, strips: COUNT.over },
    ]),
  );

/** A fault in each of 256 strips: a parser that counts them in a byte counts zero. */
const manyFaults = () => eachFault([{ kind: 1, count: COUNT.eight, strips: COUNT.limit, where1: 2 }], 2);

/** Every pair of faults on the same and on different records: which of the two does the parser name? */
function* pairs(): Generator<number[]> {
  for (const kind of [0, 1])
    for (let fault1 = 1; fault1 <= FAULTS.length; fault1++)
      for (let fault2 = 1; fault2 <= FAULTS.length; fault2++)
        for (const [where1, where2] of [
          [0, 0],
          [1, 0],
          [0, 1],
        ] as const)
          for (const value of [0, 1])
            yield recipe({
              kind,
              count: COUNT.two,
              strips: COUNT.two,
              fault1,
              where1,
              value1: value,
              fault2,
              where2,
              value2: 1 - value,
              refit: where1 === where2 ? 1 : 0,
            });
}
