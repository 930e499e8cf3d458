/** Of larger trees so many files are asked again, one at a time. */
const SAMPLE = 200;

/** Up to n of the items, spread over all of them. */
export function sample<T>(items: readonly T[], n = SAMPLE): T[] {
  const step = Math.max(1, items.length / n);
  return items.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}
