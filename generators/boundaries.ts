import { FAULTS, faultChoice } from "./faults.ts";
import { recipe, SLOTS } from "./recipe.ts";

/** Choices of `count` and `strips` that stand for 1, 2, 3, 4, 32, 33, 17, 18, 31, 34, 16, 64. */
const COUNT = { one: 0, two: 1, three: 2, limit: 4, over: 5, seventeen: 6 } as const;

/**
 * The fixed table that every run begins with: each boundary of each field alone, the limits with all their bytes, every
 * place where a short message can end, and pairs of faults whose order decides what the parser answers.
 *
 * `thin`: a few hundred that still reach every rule, for subjects that take milliseconds for each message.
 */
export function* boundaryRecipes(thin = false): Generator<number[]> {
  // The thin table in front of the full one: most bugs show within its few hundred messages.
  for (const dense of thin ? [true] : [true, false]) {
    yield* validShapes(dense);
    yield* singleFaults(dense);
    yield* fileSizes(dense);
    yield* ends(dense);
  }
  if (!thin) yield* pairs();
}

function* validShapes(thin: boolean): Generator<number[]> {
  const counts = thin
    ? [COUNT.one, COUNT.two, COUNT.limit, COUNT.over]
    : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
  for (const kind of [0, 1]) {
    for (const count of counts) {
      for (const strips of kind === 0 ? [0] : counts) {
        for (let lengths = 0; lengths <= (thin ? 1 : SLOTS.lengths); lengths++)
          yield recipe({
            kind,
            count,
            strips,
            lengths,
            offsets: lengths % (SLOTS.offsets + 1),
            ragged: lengths % 2,
          });
      }
    }
    yield recipe({ kind, count: COUNT.two, strips: COUNT.two, offsets: 3 });
  }
  // The limit of strips holds for the last extent as for the first.
  yield recipe({ kind: 1, count: COUNT.two, strips: COUNT.over, ragged: 2 });
  // Without strips there is no length to fit file_size to: 0, or what the other extents carry.
  const none = { kind: 1, fault1: faultChoice("nstrips without the bytes"), value1: 1 };
  yield recipe({ ...none, fit: 3 });
  yield recipe({ ...none, count: COUNT.two, fit: 5 });
  yield recipe({ ...none, count: COUNT.two, where1: 1, fit: 3 });
}

function* singleFaults(thin: boolean): Generator<number[]> {
  for (const { refits, wheres, ...shape } of thin ? THIN_SHAPES : SHAPES) {
    for (const kind of [0, 1]) {
      for (const [i, { values }] of FAULTS.entries()) {
        for (let value1 = 0; value1 < (thin ? Math.min(values, 4) : values); value1++) {
          for (const refit of refits) {
            for (const where1 of wheres)
              yield recipe({ kind, lengths: 1, ...shape, fault1: i + 1, value1, where1, refit });
          }
        }
      }
    }
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
  // Lengths that fit one strip each: behind the checks of whole extents, too.
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
  for (const shape of shapes) {
    for (let tailAt = 0; tailAt <= 300; tailAt += thin ? 8 : 1) yield recipe({ ...shape, tail: 1, tailAt });
    for (const tailAt of [1, 2, 4, 7, 8, 23, 24, 25, 48, 100, 4096, 32_000]) {
      yield recipe({ ...shape, tail: 2, tailAt });
      yield recipe({ ...shape, tail: 3, tailAt });
    }
  }
  // A short message may still announce more extents than there can be.
  for (const value1 of [3, 6, 11, 13])
    for (const tailAt of [31, 32, 33, 55, 56])
      yield recipe({ fault1: faultChoice("nextents without the bytes"), value1, tail: 1, tailAt });
  for (const count of [COUNT.limit, COUNT.over])
    for (const strips of [COUNT.one, COUNT.limit, COUNT.over])
      for (const kind of [0, 1])
        for (const tailAt of [1, 24, 25]) yield recipe({ kind, count, strips, tail: 2, tailAt });
}

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
