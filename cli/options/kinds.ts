/** The kinds of options that commands are declared with. */
import { UsageError } from "../../base/errors.ts";
import { didYouMean, either } from "../../base/similar.ts";
import type { Offers, Option } from "./table.ts";

export const flag = (about: string, short?: string): Option<boolean> => ({
  about,
  ...(short !== undefined && { short }),
  read: (given) => given.length > 0,
});

/** A word; the last one counts. */
export const word = (takes: string, about: string, offers: Offers = []): Option<string | undefined> => ({
  takes,
  about,
  offers,
  read: (given) => given.at(-1),
});

export const file = (about: string, takes = "FILE") => word(takes, about, "paths");

export const words = (takes: string, about: string, offers: Offers = []): Option<readonly string[]> => ({
  takes,
  about: `${about}; repeatable`,
  offers,
  read: (given) => given,
});

/** One of some words, the first where it is not given. */
export const oneOf = <const W extends readonly string[]>(
  takes: string,
  about: string,
  known: W,
): Option<W[number]> => ({
  takes,
  about: `${about}: ${either(known.map((w, i) => (i === 0 ? `${w} (default)` : w)))}`,
  offers: known,
  read(given, name) {
    const last = given.at(-1) ?? (known[0] as string);
    if (!known.includes(last))
      throw new UsageError(`${name} takes ${either(known)}, not '${last}'${didYouMean(last, known)}`);
    return last;
  },
});

interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** A whole number within bounds. */
export const whole = (
  about: string,
  { min, max = Number.MAX_SAFE_INTEGER }: Bounds,
  takes = "N",
): Option<number | undefined> => ({
  takes,
  about,
  read(given, name) {
    const last = given.at(-1);
    if (last === undefined) return undefined;
    const n = Number(last);
    if (!/^-?\d+$/.test(last) || n < min || n > max) {
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
      throw new UsageError(`${name} takes a whole number ${range}, not '${last}'`);
    }
    return n;
  },
});

/** The option with a value where it is not given, which its help names. */
export const withDefault = <T>(option: Option<T | undefined>, value: T): Option<T> => ({
  ...option,
  about: `${option.about} (default ${value})`,
  read: (given, name) => option.read(given, name) ?? value,
});

export const seed = (about = "of everything random; always printed"): Option<number | undefined> =>
  whole(about, { min: -(2 ** 31), max: 2 ** 31 - 1 });
