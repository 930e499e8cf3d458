/** Programs that a shell is by itself: where a machine has nothing else, it has no true(1) and no false(1) either. */
export const TRUE: readonly string[] = ["sh", "-c", "exit 0"];
export const FALSE: readonly string[] = ["sh", "-c", "exit 1"];
