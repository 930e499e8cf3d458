import { defineConfig } from "vitest/config";

/** The folder whose tests judge it (`npm run mutation`). */
const folder = process.env.FMAPSPEC_MUTATED ?? "{spec,oracles}";

/**
 * The tests beside what is mutated, none of which needs dist/. Not among them is what searches all small worlds in all revisions:
 * it would catch much, in minutes for each mutant, and say little of what is wrong.
 */
export default defineConfig({
  test: {
    include: [`${folder}/**/*.test.ts`],
    exclude: ["oracles/profiles.test.ts"],
    testTimeout: 120_000,
  },
});
