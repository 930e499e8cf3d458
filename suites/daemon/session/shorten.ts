/**
 * A shorter list of which `fails` is still true: parts are left out, first halves, then smaller ones (Zeller's ddmin).
 * `fails` is true of the list itself.
 */
export async function shorten<T>(
  list: readonly T[],
  fails: (shorter: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let shortest = list;
  for (let size = Math.ceil(list.length / 2); size >= 1; ) {
    let removed = false;
    // From the end: what comes last can be left out without what came before losing its sense.
    for (let at = shortest.length - size; at > -size; at -= size) {
      const without = [...shortest.slice(0, Math.max(0, at)), ...shortest.slice(at + size)];
      if (without.length === shortest.length || !(await fails(without))) continue;
      shortest = without;
      removed = true;
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (!removed) break;
  }
  return shortest;
}
