/** Every way in which the reference daemon can be as right as it is: none may be blamed for anything. */
import type { Variant } from "./fault.ts";
import { answerVariants } from "./variants/answers.ts";
import { protocolVariants } from "./variants/protocol.ts";
import { withoutVariants } from "./variants/without.ts";

export const VARIANTS: readonly Variant[] = [...protocolVariants, ...withoutVariants, ...answerVariants];

/** The variant of that name, or undefined. */
export const variantNamed = (name: string): Variant | undefined => VARIANTS.find((v) => v.name === name);
