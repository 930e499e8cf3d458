export * from "./arbitraries.ts";
export { Batch } from "./batch.ts";
export { boundaryRecipes } from "./boundaries.ts";
export { type Built, build, buildInto } from "./build.ts";
export { RecipeStream } from "./bulk.ts";
export { Draft, MAX_MESSAGE } from "./draft.ts";
export { FAULTS, type Fault, faultChoice } from "./faults.ts";
export { type Recipe, recipe, SLOT_NAMES, SLOTS, type Slot, slotIndex } from "./recipe.ts";
export { type Step, sessionArb } from "./session.ts";
