import type { Shard } from "./outcome.ts";

/** The part with index `k`, counted from 0, of a shard, or of the whole run, that is divided again into `of` parts. */
export const partOf = ({ i, n }: Shard = { i: 1, n: 1 }, k: number, of: number): Shard => ({
  i: i + n * k,
  n: n * of,
});

/** The last part that a shard is. */
export const lastOf = ({ i, to = i }: Shard): number => to;

/** How many parts of the run a shard is. */
export const widthOf = (shard: Shard): number => lastOf(shard) - shard.i + 1;

/** Whether what has this index, counted from 0, is the shard's. */
export function isOf(shard: Shard | undefined, index: number): boolean {
  if (shard === undefined) return true;
  const part = (index % shard.n) + 1;
  return part >= shard.i && part <= lastOf(shard);
}

/** `2` or `2-3`, and as `--shard` takes it `2/4` or `2-3/4`. */
export const partText = (shard: Shard): string =>
  widthOf(shard) === 1 ? `${shard.i}` : `${shard.i}-${lastOf(shard)}`;
export const shardText = (shard: Shard): string => `${partText(shard)}/${shard.n}`;
