import { defineConfig } from "vitest/config";

/** The tests that run.mjs chose; a glob with braces holds commas of its own. */
const tests = (process.env.FMAPSPEC_MUTATION_TESTS ?? "{spec,oracles}/**/*.test.ts").split(/,(?![^{]*\})/);

// None of them needs dist/, which the project's own configuration builds first.
export default defineConfig({ test: { include: tests, testTimeout: 120_000 } });
