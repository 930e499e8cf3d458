import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { parserSuite } from "../library/index.ts";
import { TEST_SEED } from "./fixed-seed.ts";

it("is where a property begins that names no seed", () => {
  const first = () => fc.sample(fc.bigInt(), 5);
  expect(first()).toEqual(first());
  expect(fc.check(fc.property(fc.nat(), () => true)).seed).toBe(TEST_SEED);
});

it("is where a run begins that names no seed", async () => {
  const report = await parserSuite(() => ({ verdict: "accept" }), { runs: 1 });
  expect(report.seed).toBe(TEST_SEED);
});

it.each(["vitest.config.ts", "bench/soak.config.ts"])("is set before the test files of %s", (config) => {
  const text = readFileSync(join(PACKAGE_ROOT, config), "utf8");
  expect(text).toContain('setupFiles: "test/fixed-seed.ts"');
});

it("is all that tests draw from", () => {
  const files = readdirSync(PACKAGE_ROOT, { recursive: true, encoding: "utf8" })
    .filter((name) => /(\.(test|soak)\.ts|(^|\/)test\/.*\.(ts|mjs))$/.test(name))
    .filter((name) => !/(^|\/)(node_modules|dist|dist-bench)\//.test(name));
  expect(files.length).toBeGreaterThan(200);
  const random = ["Math.random", "randomInt(", "randomBytes(", "getRandomValues"];
  const drawing = files.filter((name) => {
    if (name.endsWith("fixed-seed.test.ts")) return false;
    const text = readFileSync(join(PACKAGE_ROOT, name), "utf8");
    return random.some((call) => text.includes(call));
  });
  expect(drawing).toEqual([]);
});
