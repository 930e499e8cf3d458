import { expect, it } from "vitest";
import { covering, product } from "./covering.ts";

it("the product has every combination once, in order", () => {
  expect([...product([2, 3])]).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
  expect([...product([])]).toEqual([[]]);
});

it.each([
  [[2, 3, 4, 5], 2, 25],
  [[3, 3, 3, 3, 3], 3, 125],
  [[6, 2, 4, 4, 1, 3, 5, 2], 3, 11 ** 3],
])("any so many factors of %j take every combination: %i of them", (sizes, strength, rows) => {
  const all = [...covering(sizes, strength)];
  expect(all).toHaveLength(rows);
  const columns = sizes.map((_, x) => x);
  for (const chosen of product(Array.from({ length: strength }, () => sizes.length))) {
    if (chosen.some((c, i) => i > 0 && c <= (chosen[i - 1] as number))) continue;
    const seen = new Set(all.map((row) => chosen.map((c) => row[columns[c] as number]).join()));
    expect(seen.size).toBe(chosen.reduce((n, c) => n * (sizes[c] as number), 1));
  }
});
