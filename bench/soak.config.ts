import { defineConfig } from "vitest/config";

/** What takes minutes and is no part of `npm test`: `npm run soak`. */
export default defineConfig({
  test: {
    include: ["bench/**/*.soak.ts"],
    globalSetup: "test/build-dist.ts",
    setupFiles: "test/fixed-seed.ts",
    testTimeout: 1_800_000,
    fileParallelism: false,
  },
});
