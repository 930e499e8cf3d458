/** `1 rule`, `2 rules`. */
export const counted = (n: number | bigint, noun: string, plural = `${noun}s`): string =>
  `${n} ${Number(n) === 1 ? noun : plural}`;

/** `2 of 3 rules`, `all 3 rules`. */
export const share = (n: number, all: number, noun: string, plural = `${noun}s`): string => {
  if (all === 0) return `no ${noun}`;
  if (n < all) return `${n} of ${counted(all, noun, plural)}`;
  return all === 1 ? `the only ${noun}` : `all ${all} ${plural}`;
};
