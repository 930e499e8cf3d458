/**
 * A message as a flat list of small, ordered choices. Zero is the simplest choice in every slot, so a recipe shrinks to a
 * small readable message. Properties, shrinking and the bulk engine use the same recipes.
 */
export type Recipe = readonly number[];

/** Slots of a recipe, each with its largest choice. Choices beyond a table's end wrap around. */
export const SLOTS = {
  /** 0 simple, 1 interleaved. */
  kind: 1,
  /** Number of extents: first the boundaries of COUNTS, then 1, 2, 3 and so on. */
  count: 75,
  /** Strips of an interleaved extent, likewise. */
  strips: 75,
  /** 1: every second extent has one strip only; 2: every extent but the last. */
  ragged: 2,
  lengths: 5,
  offsets: 4,
  /** How file_size relates to the sum of lengths. */
  fit: 15,
  fault1: 31,
  where1: 4,
  value1: 15,
  fault2: 31,
  where2: 4,
  value2: 15,
  /** 1: file_size is fitted again after the faults, to the sum as it wraps. */
  refit: 1,
  /** 0 as it is, 1 cut after `tailAt` bytes, 2 cut by `tailAt` bytes from the end, 3 followed by `tailAt` bytes more. */
  tail: 3,
  tailAt: 65_535,
  /** Damage to the finished bytes: 0 none, then the kinds of noise.ts. */
  noise: 5,
  noiseA: 65_535,
  noiseB: 65_535,
} as const;

export type Slot = keyof typeof SLOTS;

export const SLOT_NAMES = Object.keys(SLOTS) as Slot[];

const INDEX = new Map(SLOT_NAMES.map((name, i) => [name, i]));

/** Position of a slot in a recipe. */
export const slotIndex = (slot: Slot): number => INDEX.get(slot) as number;

/** The recipe with these choices; all others are 0. */
export function recipe(choices: Partial<Record<Slot, number>>): number[] {
  const r = new Array<number>(SLOT_NAMES.length).fill(0);
  for (const [slot, choice] of Object.entries(choices)) r[slotIndex(slot as Slot)] = choice;
  return r;
}
