/** A seed where none was given; whoever uses it prints it. */
export const freshSeed = (): number => Math.floor(Math.random() * 2 ** 31);
