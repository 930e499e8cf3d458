/** A random seed, for a run that was given none. The caller prints it. */
export const freshSeed = (): number => Math.floor(Math.random() * 2 ** 31);
