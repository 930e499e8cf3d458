/** A stored counterexample is asked again: only of a subject that could show the failure, and only in earnest. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import { boundaryRecipes, build } from "../generators/index.ts";
import { badDriver, TABLE, tableMessage } from "../test/bad-driver.ts";
import { OWN, planted } from "../test/planted.ts";
import { expectedOf, sampleCounterexample } from "../test/sample-report.ts";
import { available } from "../test/tools.ts";
import { FALSE, TRUE } from "../test/trivial-programs.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const stored = (name: string, overrides: Parameters<typeof sampleCounterexample>[0]) => {
  const path = join(folder, `${name}.json`);
  const c = sampleCounterexample(overrides);
  expect(misfit("counterexample", c)).toBeNull();
  writeFileSync(path, JSON.stringify(c));
  return path;
};
const SKIPS = ["--protocol", "exec", "--", "sh", "-c", "exit 89"];
const ACCEPTS = ["--protocol", "exec", "--", ...TRUE];
const GOOD = tableMessage(null);

describe("a counterexample that cannot be replayed", () => {
  it.each([
    [
      "an allocation",
      { failAllocation: 1 },
      ACCEPTS,
      /needs a subject whose allocations can fail: kernel source/,
    ],
    ["a scene", { scene: "mapped" }, ACCEPTS, /needs a subject with an inode: kernel source/],
    ["a finding", { kind: "finding" }, ACCEPTS, /needs a subject that can be watched: kernel source/],
    [
      "a resolution",
      { kind: "resolution", resolve: [["0", "1"]] },
      ACCEPTS,
      /needs a subject that resolves offsets/,
    ],
    ["no such scene", { scene: "sites" as "plain" }, ACCEPTS, /\/scene: there is no scene 'sites'/],
    ["no such profile", { profile: "v99" }, ACCEPTS, /there is no profile 'v99'/],
    ["half a subject", {}, ["--protocol", "exec"], /give the command behind --/],
  ] as const)("because of %s", async (name, overrides, args, message) => {
    const ran = await fmapspec("replay", stored(name.replaceAll(" ", "-"), overrides), ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});

describe("a counterexample that is replayed", () => {
  it.each([
    ["the message was skipped", { message: GOOD }, SKIPS],
    ["accepted, without telling the map", { message: GOOD, kind: "map" }, ACCEPTS],
  ] as const)("is not FIXED by: %s", async (now, overrides, args) => {
    const ran = await fmapspec("replay", stored(now.replaceAll(" ", "-"), overrides), ...args);
    expect(ran).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`DIFFERENT fmap/header/nextents-limit: ${now}\n`),
    });
  });

  it("is not FIXED by a driver that leaves the resolution out", async () => {
    const path = stored("left-out", { kind: "resolution", message: GOOD, resolve: [["0", "4096"]] });
    const ran = await fmapspec("replay", path, "--", ...badDriver("ndjson", "none").command);
    expect(ran.stdout).toContain(
      "DIFFERENT fmap/header/nextents-limit: accepted, without resolving anything",
    );
  });

  it("is asked of the subject that it names, or of the embedded one", async () => {
    const { command } = badDriver("frames", "accept");
    const path = stored("own", { subject: { kind: "driver", protocol: "frames", command } });
    expect((await fmapspec("replay", path)).stdout).toBe("FAILED fmap/header/nextents-limit: accepted\n");
    const embedded = stored("embedded", { subject: { kind: "embedded" } });
    expect((await fmapspec("replay", embedded)).stdout).toBe("FIXED fmap/header/nextents-limit\n");
  });
});

describe("replay --shrink", () => {
  const LONG = TABLE.find((hex) => hex.length > 400 && expectedOf(hex).verdict === "reject") as string;
  const expected = expectedOf(LONG) as Extract<ReturnType<typeof expectedOf>, { verdict: "reject" }>;
  const long = { message: LONG, rule: expected.rule };

  it("finds a smaller message from the bytes alone, shows it and stores it beside the first", async () => {
    mkdirSync(join(folder, "long"));
    const path = stored("long/first", long);
    const ran = await fmapspec("replay", "--shrink", path, ...ACCEPTS);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/^FAILED .*: accepted\noffset {2}bytes/);
    const name = /(\d+) bytes: (.*)\n$/.exec(ran.stdout) as RegExpExecArray;
    const smaller = JSON.parse(readFileSync(name[2] as string, "utf8"));
    expect(misfit("counterexample", smaller)).toBeNull();
    expect(smaller.message.length).toBe(2 * Number(name[1]));
    expect(smaller.message.length).toBeLessThan(LONG.length);
    expect(smaller.expected).toMatchObject({ verdict: "reject", errno: expected.errno });
    expect(readdirSync(join(folder, "long"))).toHaveLength(2);
    const again = await fmapspec("replay", "--shrink", name[2] as string);
    expect(again.stdout).toMatch(/^FAILED .*: accepted\n {2}nothing smaller fails\n$/);
  });

  it("shrinks a recipe where there is one, and keeps one", async () => {
    mkdirSync(join(folder, "recipe"));
    const recipe = [...boundaryRecipes(true)].find(
      (r) => Buffer.from(build(r).bytes).toString("hex") === LONG,
    ) as number[];
    const path = stored("recipe/first", { ...long, recipe });
    const ran = await fmapspec("replay", "--shrink", path, ...ACCEPTS);
    const [, name] = /bytes: (.*)\n$/.exec(ran.stdout) as RegExpExecArray;
    const smaller = JSON.parse(readFileSync(name as string, "utf8"));
    expect(Buffer.from(build(smaller.recipe).bytes).toString("hex")).toBe(smaller.message);
    expect(smaller.message.length).toBeLessThan(LONG.length);
  });

  it("does nothing to what does not fail as it was stored", async () => {
    const path = stored("fixed", long);
    const good = await fmapspec("replay", "--shrink", path, "--protocol", "exec", "--", ...FALSE);
    expect(good).toMatchObject({ status: 0, stdout: `FIXED ${expected.rule}\n` });
    const other = await fmapspec(
      "replay",
      "--shrink",
      path,
      "--protocol",
      "exec",
      "--",
      "sh",
      "-c",
      "exit 7",
    );
    expect(other.stdout).toMatch(/^DIFFERENT .*\n {2}when it was stored: accepted\n$/);
  });
});

describe.skipIf(!available("gcc", "gcc"))("counterexamples of kernel source", () => {
  it("are FAILED in the source, FIXED in a good one", async () => {
    const path = planted(OWN, join(folder, "broken"), [
      ["rc = -EALREADY;", "rc = -EEXIST;"],
      ["se->ext_offset + offset", "se->ext_offset"],
      ["kfree(meta->se);", ""],
    ]);
    const out = join(folder, "out");
    const run = await fmapspec(
      "parser",
      "--runs",
      "300",
      "--seed",
      "1",
      "--out",
      out,
      "--kernel-source",
      path,
    );
    expect(run.status).toBe(1);
    const names = readdirSync(join(out, "failures"));
    const one = (start: string) => join(out, "failures", names.find((n) => n.startsWith(start)) as string);
    const leak = names
      .map((n) => join(out, "failures", n))
      .find((p) => {
        const c = JSON.parse(readFileSync(p, "utf8"));
        return c.actual === "memory is never freed";
      }) as string;
    const inOwn = ["--kernel-source", OWN];
    expect((await fmapspec("replay", one("install-set-refused"))).stdout).toMatch(
      /^FAILED install\/set-refused: EEXIST; memory is never freed\n/,
    );
    expect((await fmapspec("replay", one("resolve-simple"), ...inOwn)).stdout).toBe("FIXED resolve/simple\n");
    expect((await fmapspec("replay", leak)).stdout).toMatch(/^FAILED .*: memory is never freed\n/);
    expect((await fmapspec("replay", leak, ...inOwn)).stdout).toMatch(/^FIXED /);
  });
});
