import type { Shard } from "./outcome.ts";

/** How many parts of the run a shard is. */
export const widthOf = ({ i, to = i }: Shard): number => to - i + 1;

/** Whether what has this index, counted from 0, is the shard's. */
export function isOf(shard: Shard | undefined, index: number): boolean {
  if (shard === undefined) return true;
  const part = (index % shard.n) + 1;
  return part >= shard.i && part <= (shard.to ?? shard.i);
}

/** `2` or `2-3`, and as `--shard` takes it `2/4` or `2-3/4`. */
export const partText = ({ i, to = i }: Shard): string => (to === i ? `${i}` : `${i}-${to}`);
export const shardText = (shard: Shard): string => `${partText(shard)}/${shard.n}`;
