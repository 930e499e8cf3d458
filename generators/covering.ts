/**
 * Every combination of values; or, if there are too many, fewer rows in which any `strength` factors still take every
 * combination of their values (t-way testing).
 */

/** Every combination of one index from each factor; `sizes`: how many values each factor has. */
export function* product(sizes: readonly number[]): Generator<number[]> {
  const row = sizes.map(() => 0);
  for (;;) {
    yield [...row];
    let at = row.length - 1;
    while (at >= 0 && row[at] === (sizes[at] as number) - 1) row[at--] = 0;
    if (at < 0) return;
    row[at] = (row[at] as number) + 1;
  }
}

/**
 * Rows of an orthogonal array (Bush 1952): with a prime p not below the number of factors and of values, the values of
 * all p^strength polynomials of degree below `strength` at the points 0, 1, 2 ... Any `strength` of these columns take
 * every combination exactly once; folded onto fewer values, at least once.
 */
export function* covering(sizes: readonly number[], strength: number): Generator<number[]> {
  const p = primeFrom(Math.max(sizes.length, ...sizes));
  for (const coefficients of product(Array.from({ length: strength }, () => p)))
    yield sizes.map((size, x) => coefficients.reduce((y, c) => (y * x + c) % p, 0) % size);
}

function primeFrom(n: number): number {
  for (let p = Math.max(2, n); ; p++) {
    let d = 2;
    while (d * d <= p && p % d !== 0) d++;
    if (d * d > p) return p;
  }
}
