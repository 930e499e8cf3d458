/** Ends of the kernel's types, and the units in which it counts memory. */
export const TWO_TO_63 = 1n << 63n;
export const TWO_TO_64 = 1n << 64n;
export const S64_MAX = TWO_TO_63 - 1n;
export const U64_MAX = TWO_TO_64 - 1n;

/** What a huge page maps, PMD_SIZE. */
export const MIB2 = 2n << 20n;

/** PAGE_SIZE, as a number and as the u64 that offsets and lengths are. */
export const PAGE = 4096;
export const PAGE64 = 4096n;
