/** Requests in flight at once while the tree is walked. */
const WINDOW = 64;

/** Maps with at most WINDOW calls under way. */
export async function windowed<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += WINDOW)
    results.push(...(await Promise.all(items.slice(at, at + WINDOW).map(work))));
  return results;
}
