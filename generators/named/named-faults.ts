import type { Profile } from "../../spec/index.ts";
import { build } from "../build.ts";
import { FAULTS, type Fault } from "../faults.ts";
import { type Recipe, recipe } from "../recipe.ts";

const KINDS = ["simple", "interleaved"] as const;

/** Two extents, of two strips if interleaved: the fewest that distinguish first, last, same and other. */
const TWO = { count: 1, strips: 1, lengths: 1 } as const;

/** The choices of a fault's `where` that two records distinguish. */
const LAST = 0;
const FIRST = 1;

const path = (fault: Fault) => fault.name.replace(/[ _]/g, "-");

const of = (fault: Fault, value: number) => `${path(fault)}-${fault.label(value % fault.values)}`;

/** The faults that a message of this kind can have, with their choice. */
const faultsOf = (kind: (typeof KINDS)[number]) =>
  FAULTS.flatMap((fault, i) => (fault[kind] === null ? [] : [{ fault, choice: i + 1 }]));

type Named = Generator<[name: string, message: Uint8Array]>;

/** Every value of every fault alone, in the last and in the first record, with file_size fitted again or unchanged. */
export function* namedFaults(profile: Profile): Named {
  for (const [kind, name] of KINDS.entries())
    for (const { fault, choice } of faultsOf(name))
      for (let value1 = 0; value1 < fault.values; value1++)
        for (const [where1, place] of [
          [LAST, "last"],
          [FIRST, "first"],
        ] as const)
          for (const [refit, fitted] of [
            [1, ""],
            [0, "-not-fitted"],
          ] as const)
            yield [
              `fault/${name}/${path(fault)}/${fault.label(value1)}/${place}${fitted}`,
              bytes(profile, recipe({ ...TWO, kind, fault1: choice, value1, where1, refit })),
            ];
}

/**
 * Every ordered pair of faults, one in the first and one in the last record, and every two faults in one record: for which
 * of the two does the parser refuse the message?
 */
export function* namedPairs(profile: Profile): Named {
  for (const [kind, name] of KINDS.entries())
    for (const one of faultsOf(name))
      for (const other of faultsOf(name))
        for (const [value1, value2] of [
          [0, 1],
          [1, 0],
        ] as const) {
          if (value1 > 0 && one.fault.values === 1 && other.fault.values === 1) continue;
          const two = { ...TWO, kind, fault1: one.choice, value1, fault2: other.choice, value2 };
          const [first, last] = [of(one.fault, value1), of(other.fault, value2)];
          const apart = recipe({ ...two, where1: FIRST, where2: LAST });
          yield [`pair/${name}/${first}/then/${last}`, bytes(profile, apart)];
          if (one.choice < other.choice && value1 === 0)
            yield [`pair/${name}/${first}/and/${last}`, bytes(profile, recipe({ ...two, refit: 1 }))];
        }
}

const bytes = (profile: Profile, r: Recipe) => build(r, profile).bytes;
