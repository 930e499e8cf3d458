/**
 * Before each test file: every property starts at one seed, and so does every run that a test starts without `--seed`.
 * A test that fails then fails for everybody, and passes again only because something was changed.
 */
import fc from "fast-check";
import { vi } from "vitest";

export const TEST_SEED = 1;

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: TEST_SEED });

vi.mock("../base/fresh-seed.ts", () => ({ freshSeed: () => TEST_SEED }));
