import { UsageError } from "./errors.ts";

/** Words as people list alternatives: `a, b or c`. */
export const either = (words: readonly string[]): string =>
  [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" or ");

/** How many letters have to be put in, left out or replaced to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + (letter === b[j] ? 0 : 1),
          (row[j + 1] as number) + 1,
          (next[j] as number) + 1,
        ),
      );
    row = next;
  }
  return row[b.length] as number;
}

/** The known words that a mistyped or shortened one may stand for: the closest ones, at most three. */
function similar(word: string, known: readonly string[]): string[] {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const close = known
    .map((k) => ({ k, d: word.length > 2 && k.includes(word) ? 0 : distance(word, k) }))
    .filter(({ d }) => d <= limit);
  const least = Math.min(...close.map(({ d }) => d));
  return close
    .filter(({ d }) => d === least)
    .slice(0, 3)
    .map(({ k }) => k);
}

/** `, did you mean a or b?` where known words are similar, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const close = similar(word, known);
  return close.length === 0 ? "" : ` (did you mean ${either(close)}?)`;
}

/** The mistake of a word that is not among the known ones. `all` says where they are listed; without it they follow. */
export const noSuch = (
  what: string,
  word: string,
  known: readonly string[],
  all = `there are ${known.join(", ")}`,
): UsageError => new UsageError(`there is no ${what} '${word}'${didYouMean(word, known)}; ${all}`);
