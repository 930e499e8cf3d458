import type { Shard } from "./outcome.ts";

/** The part with index `k`, counted from 0, of a shard, or of the whole run, that is divided again into `of` parts. */
export const partOf = ({ i, n }: Shard = { i: 1, n: 1 }, k: number, of: number): Shard => ({
  i: i + n * k,
  n: n * of,
});

/** Whether what has this index, counted from 0, is the shard's. */
export const isOf = (shard: Shard | undefined, index: number): boolean =>
  shard === undefined || (index % shard.n) + 1 === shard.i;

/** As `--shard` takes it: `2/4`. */
export const shardText = ({ i, n }: Shard): string => `${i}/${n}`;
