import {
  boundaryRecipes,
  build,
  FAULTS,
  faultChoice,
  type Recipe,
  recipe,
  type Slot,
  slotIndex,
} from "../../generators/index.ts";
import { blame, KernelParser, PAID_ALLOCATION_FACTOR } from "../../oracles/index.ts";
import type { HazardId, Profile, RuleId } from "../../spec/index.ts";

/** One message, and the result of a revision's parser. */
export interface KernelCase {
  /** The group as a name in C: `fmap_header`, `devindex_shift`. */
  readonly group: string;
  /** Unique in the group, stable over versions, of `[A-Za-z0-9_.-]`: a description of the message, never a serial number. */
  readonly name: string;
  /** The rule or the hazard that it tests. */
  readonly rule: RuleId | HazardId;
  readonly message: Uint8Array;
  /** The n-th allocation fails; 0: none. */
  readonly failAllocation: number;
  readonly rc: number;
  /** The map record; empty if the message is refused. */
  readonly map: Uint8Array;
  /** Objects that the revision leaks. */
  readonly leaked: number;
}

export interface KernelCases {
  readonly requirements: readonly KernelCase[];
  /** Each triggers one hazard at one place in the source, because UBSAN reports a place once in a boot. */
  readonly hazards: readonly KernelCase[];
}

/**
 * The smallest message of the fixed table for each rule, shape and kind of boundary. Messages whose verdict no source
 * settles are left out, and those with an undefined shift, because the first of them that runs would fail.
 */
export function kernelCases(profile: Profile): KernelCases {
  const oracle = new KernelParser(profile);
  const smallest = new Map<string, KernelCase>();
  const consider = (r: Recipe, failAllocation = 0) => {
    const found = judged(oracle, r, failAllocation);
    if (oracle.open !== null || oracle.shifts > 0 || found.message.length > LONGEST) return;
    const id = `${found.group}.${found.name}`;
    const known = smallest.get(id);
    if (known === undefined || found.message.length < known.message.length) smallest.set(id, found);
  };
  for (const r of boundaryRecipes()) if (isTelling(r)) consider(r);
  for (const shape of ALLOCATING)
    for (let nth = 1; nth <= MOST_ALLOCATIONS; nth++) {
      consider(shape, nth);
      if (oracle.rc === 0) break;
    }
  const names = [...smallest.keys()].sort();
  return {
    requirements: names.map((name) => smallest.get(name) as KernelCase),
    hazards: hazardCases(oracle),
  };
}

/** A header, and one extent more than any limit, with one strip each; longer messages test nothing more. */
const LONGEST = 2048;

/** Two faults of one message must both be there, differ, and change the message. */
function isTelling(r: Recipe): boolean {
  const [first, second] = [at(r, "fault1"), at(r, "fault2")];
  if (second === 0) return true;
  const means = [first, second].map((choice) => FAULTS[choice - 1]?.[SHAPES[at(r, "kind")] ?? "simple"]);
  return first !== second && means.every((rule) => rule != null && !/ignored|map/.test(rule));
}

const MOST_ALLOCATIONS = 8;
const ALLOCATING: readonly Recipe[] = [recipe({}), recipe({ kind: 1, count: 1 })];

function judged(oracle: KernelParser, r: Recipe, failAllocation: number): KernelCase {
  const message = build(r, oracle.profile).bytes;
  const rc = oracle.parse(new DataView(message.buffer, 0, message.length), 0, message.length, failAllocation);
  const rule = failAllocation > 0 && rc !== 0 ? oracle.rule : blame(oracle, message);
  const words = failAllocation > 0 ? [SHAPES[at(r, "kind")], "allocation-fails"] : features(r);
  return {
    group: cName(rule.split("/").slice(0, 2).join("_")),
    name: [...rule.split("/").slice(2), ...words, rc === 0 ? "accepted" : "refused"].join("."),
    rule,
    message,
    failAllocation,
    rc,
    map: oracle.map().slice(),
    leaked: oracle.leaked,
  };
}

const cName = (words: string) => words.replaceAll("-", "_");

const at = (r: Recipe, slot: Slot): number => r[slotIndex(slot)] as number;

const SHAPES = ["simple", "interleaved"] as const;
/** Words for the boundaries of a number of extents or strips, in the generator's order. */
const COUNTS = ["one", "two", "three", "four", "limit", "over-limit", "many"] as const;
const PLACES = ["last", "first", "all", "second", "rest"] as const;
const TAILS = ["whole", "cut-from-front", "cut-at-end", "trailing"] as const;

const count = (choice: number) => COUNTS[Math.min(choice, COUNTS.length - 1)];

const slug = (words: string) =>
  words
    .replaceAll(/\bthe\b ?/g, "")
    .trim()
    .replaceAll(/\W+/g, "-");

/** The features of a message in words. */
function features(r: Recipe): (string | undefined)[] {
  const faults = (["1", "2"] as const).flatMap((n) => {
    const choice = at(r, `fault${n}`);
    return choice === 0 ? [] : [slug(FAULTS[(choice - 1) % FAULTS.length]?.name ?? "")];
  });
  const numbers =
    at(r, "kind") === 0 ? [count(at(r, "count"))] : [count(at(r, "count")), count(at(r, "strips"))];
  const shape = SHAPES[at(r, "kind")];
  if (at(r, "tail") > 0) return [shape, TAILS[at(r, "tail")], ...faults];
  if (faults.length > 1) return [shape, faults.join("-with-")];
  if (faults.length === 1) return [shape, ...faults, PLACES[at(r, "where1")]];
  return [shape, ...numbers, at(r, "fit") > 0 ? "file-size" : "fitted"];
}

/** The smallest message for each hazard that one message can trigger, in each shape that can trigger it. */
function hazardCases(oracle: KernelParser): KernelCase[] {
  const found: KernelCase[] = [];
  for (const kind of [0, 1]) {
    const add = (rule: HazardId, choices: Partial<Record<Slot, number>>, shows: () => boolean) => {
      const judgedCase = judged(oracle, recipe({ kind, ...choices }), 0);
      if (shows())
        found.push({
          ...judgedCase,
          rule,
          group: cName(rule.replace("hazard/", "")),
          name: `${SHAPES[kind]}`,
        });
    };
    // A shift by 2^32 - 1 is out of range for an int and for a u64.
    add("hazard/devindex-shift", { fault1: faultChoice("devindex"), value1: 2 }, () => oracle.shifts > 0);
    add("hazard/strips-leak", { count: 1 }, () => oracle.leaked > 0);
    add("hazard/unpaid-allocation", { count: 4, tail: 1, tailAt: 32 }, () => unpaid(oracle, 32));
  }
  return found;
}

const unpaid = ({ allocatedBytes }: KernelParser, size: number) =>
  allocatedBytes > PAID_ALLOCATION_FACTOR * size;
