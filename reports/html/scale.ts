import { renderBytes } from "../terminal/map-text.ts";

/** Maps offsets to a width so that small ranges beside vast gaps can still be seen. */
export interface Scale {
  /** Where an offset is, from 0 to the width, in pixels with one decimal. */
  at(offset: bigint): number;
  /** What to write below. */
  readonly labels: readonly { readonly x: number; readonly text: string; readonly last: boolean }[];
}

/** Room that a label takes. */
const LABEL = 96;

/**
 * A scale through the points: the stretch between two of them is as wide as the logarithm of its length, so their order
 * and neighbourhood are true and their proportions are not.
 */
export function scaleOf(points: readonly bigint[], width: number): Scale {
  const sorted = [...new Set(points)].sort((a, b) => (a < b ? -1 : 1));
  const weights = sorted.slice(1).map((p, i) => 8 + (p - (sorted[i] as bigint)).toString(2).length);
  const total = weights.reduce((a, b) => a + b, 0);
  const xs = [0];
  for (const w of weights) xs.push((xs.at(-1) as number) + (w / total) * width);
  const at = (offset: bigint): number => {
    const i = sorted.findLastIndex((p) => p <= offset);
    if (i < 0) return 0;
    const [from, to] = [sorted[i] as bigint, sorted[i + 1]];
    const x = xs[i] as number;
    if (to === undefined) return round(x);
    const part = Number(((offset - from) * 1000n) / (to - from)) / 1000;
    return round(x + part * ((xs[i + 1] as number) - x));
  };
  const labels: { x: number; text: string; last: boolean }[] = [];
  const last = sorted.length - 1;
  for (const [i, p] of sorted.entries()) {
    const x = xs[i] as number;
    const free = x - (labels.at(-1)?.x ?? -LABEL) >= LABEL && (i === last || width - x >= 2 * LABEL);
    if (free || (i === last && last > 0))
      labels.push({ x: round(x), text: p === 0n ? "0" : renderBytes(p), last: i === last });
  }
  return { at, labels };
}

const round = (x: number) => Math.round(x * 10) / 10;
