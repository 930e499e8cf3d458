/** Every part of the bench runs, and what comes of it fits its schema and its page: no number is looked at. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { performancePage } from "./page/performance.ts";
import { PARTS } from "./parts/index.ts";
import { misfit, type Results } from "./results.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-smoke-"));
afterAll(() => rmSync(folder, { recursive: true }));

const out = join(folder, "bench.json");
const { FMAPSPEC_UML: _, ...ENV } = process.env;
const bench = (...args: string[]) =>
  spawnSync(process.execPath, [join(PACKAGE_ROOT, "dist-bench/bench/run.js"), "--out", out, ...args], {
    cwd: PACKAGE_ROOT,
    encoding: "utf8",
    env: ENV,
  });
const results = (): Results => JSON.parse(readFileSync(out, "utf8"));

beforeAll(() => {
  execFileSync("npx", ["tsc", "-p", "bench/tsconfig.json"], { cwd: PACKAGE_ROOT });
}, 60_000);

describe("npm run bench -- --quick", () => {
  // A kernel takes minutes to build, and cli/uml.test.ts boots it.
  it("says why nothing was measured inside of a kernel", () => {
    const { status, stdout } = bench("--quick", "kernel");
    expect(status).toBe(0);
    expect(stdout).toMatch(/not measured: there is no (FMAPSPEC_UML|make)/);
  });

  it.each(Object.keys(PARTS).filter((name) => name !== "kernel"))("measures %s", (name) => {
    const { status, stderr, stdout } = bench("--quick", name);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`${name} (`);
    const { figures, notes } = results().parts[name] as Results["parts"][string];
    if (figures.length === 0 && process.env.CI === undefined)
      return expect(notes.join()).toContain("there is no");
    expect(figures.length).toBeGreaterThan(0);
    for (const { id, value } of figures) expect([id, value >= 0]).toEqual([id, true]);
  });

  it("keeps the parts of earlier runs, and all fit on the page", () => {
    const all = results();
    expect(Object.keys(all.parts).sort()).toEqual(Object.keys(PARTS).sort());
    expect(misfit(all)).toBeNull();
    expect(performancePage(all).page).toContain("## Start-up");
  });

  it("refuses a part that there is not", () => {
    const { status, stderr } = bench("orcale");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^bench: there is no part 'orcale'$/m);
  });
});
