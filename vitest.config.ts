import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const folders = "{base,spec,generators,oracles,subjects,suites,exports,reports,cli,library}";

export default defineConfig({
  test: {
    // Only the source folders: dist/ would run compiled tests a second time.
    include: [`${folders}/**/*.test.ts`, "{test,bench}/**/*.test.ts"],
    globalSetup: "test/build-dist.ts",
    setupFiles: "test/fixed-seed.ts",
    // Tests that build C or start drivers need more than the default 5 s on a busy machine.
    testTimeout: 120_000,
    maxConcurrency: 2,
    // One more than there are cores: tests of what hangs do nothing but wait.
    maxWorkers: availableParallelism() + 1,
    // Daemons and drivers have deadlines, and a busy CI machine can miss one; a second miss is a failure.
    retry: process.env.CI === undefined ? 0 : 1,
    coverage: {
      // CI has every tool and so runs every test; elsewhere a missing compiler would look like missing tests.
      enabled: process.env.CI !== undefined,
      // A failed test is no reason to go without the figures.
      reportOnFailure: true,
      reporter: ["text-summary", "json-summary"],
      include: [`${folders}/**/*.ts`],
      exclude: [
        "**/*.test.ts",
        "**/test/**",
        // These run in a process of their own or inside of a guest, whose coverage nobody collects.
        "suites/parser/job.ts",
        "subjects/in-kernel/device.ts",
        "subjects/in-kernel/device-channel.ts",
      ],
      thresholds: {
        lines: 98,
        branches: 93,
        "spec/**": { lines: 100, branches: 100 },
        "oracles/**": { lines: 100, branches: 100 },
      },
    },
  },
});
