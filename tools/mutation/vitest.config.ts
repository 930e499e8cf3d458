import { defineConfig } from "vitest/config";

/** The tests that run.mjs chose. */
const tests = (process.env.FMAPSPEC_MUTATION_TESTS ?? "").split(",");

// None of them needs dist/, which the project's own configuration builds first.
export default defineConfig({ test: { include: tests, testTimeout: 120_000 } });
