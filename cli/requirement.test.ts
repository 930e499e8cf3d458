/** A requirement that a daemon broke outside a session: stored as a file, and held against a daemon again from that file alone. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { sealed } from "../base/digest.ts";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import type { RequirementFailure } from "../suites/index.ts";
import { TRUE } from "../test/trivial-programs.ts";
import { fmapspec, type Ran, scratch } from "./test/command.ts";

const folder = scratch();
const reference = [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js"), "reference-daemon"];
const faulty = (fault: string) => [...reference, "--fault", fault, "{mountpoint}"];

const certify = (out: string, fault: string, ...options: string[]) =>
  fmapspec("daemon", "--seed", "1", "--out", join(folder, out), ...options, "--", ...faulty(fault));

/** The stored failures of a rule, by path. */
const storedIn = (out: string, rule: string) => {
  const failures = join(folder, out, "failures");
  return readdirSync(failures)
    .map((name) => join(failures, name))
    .map((path) => ({ path, failure: JSON.parse(readFileSync(path, "utf8")) as RequirementFailure }))
    .filter(({ failure }) => failure.rule === rule);
};
const replay = (...args: string[]) => fmapspec("replay", ...args);

describe("a map that overlaps itself", () => {
  const rule = "daemon/fmap/no-overlap-in-file";
  let ran: Ran;
  let path: string;
  let failure: RequirementFailure;
  beforeAll(async () => {
    ran = await certify("overlap", "overlap-in-file");
    const [only, ...more] = storedIn("overlap", rule);
    expect(more).toEqual([]);
    ({ path, failure } = only as { path: string; failure: RequirementFailure });
  }, 60_000);

  it("fails the run, with the line that shows it again", () => {
    expect(ran.status).toBe(1);
    expect(ran.stdout.endsWith(`\nreproduce\n  fmapspec replay ${relative(".", path)}\n`)).toBe(true);
  });

  it("is stored with its exchange, and all that the run was told", () => {
    expect(misfit("requirement-failure", failure)).toBeNull();
    expect(failure).toMatchObject({
      rule,
      path: "/data/pieces",
      detail: expect.stringMatching(/share byte/),
      seed: 1,
      options: { level: "quick", timeout: 5000 },
      decoded: {
        request: { len: 48, opcode: "GET_FMAP" },
        message: { header: { ext_type: "0" }, extents: expect.any(Array) },
      },
      versions: { node: process.versions.node },
    });
    expect(failure.options).not.toHaveProperty("expect");
  });

  it("is FAILED by the stored daemon, FIXED by a good one, DIFFERENT by one that is not asked for maps", async () => {
    expect(await replay(path)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^FAILED daemon\/fmap\/no-overlap-in-file: \/data\/pieces: extent /),
    });
    expect(await replay(path, "--", ...reference)).toMatchObject({ status: 0, stdout: `FIXED ${rule}\n` });
    const other = await replay(path, "--", ...faulty("major-8"));
    expect(other.status).toBe(1);
    expect(other.stdout).toMatch(
      /^DIFFERENT .*: it was not checked: .*; now it breaks daemon\/init\/version: .*\n {2}when it was stored: \/data\/pieces: /,
    );
  });

  it("is DIFFERENT where the same requirement is broken in another way", async () => {
    const elsewhere = join(folder, "elsewhere.json");
    writeFileSync(elsewhere, JSON.stringify(sealed({ ...failure, path: "/elsewhere" })));
    expect((await replay(elsewhere)).stdout).toMatch(/^DIFFERENT .*: \/data\/pieces: /);
    const nowhere = join(folder, "nowhere.json");
    writeFileSync(nowhere, JSON.stringify(sealed({ ...failure, rule: "fmap/header/underflow" })));
    expect((await replay(nowhere, "--", ...reference)).stdout).toMatch(
      /^DIFFERENT .*: it was not checked: rfc-v2 has no such requirement\n/,
    );
  });
});

it("what is held against a manifest is stored with the manifest", async () => {
  const expected = join(folder, "manifest.json");
  writeFileSync(expected, (await fmapspec("reference-daemon", "--print-manifest")).stdout);
  await certify("intent", "extents-in-other-order", "--expect", expected);
  const [stored] = storedIn("intent", "daemon/intent/extents");
  expect(stored?.failure.options.expect).toEqual(JSON.parse(readFileSync(expected, "utf8")));
  writeFileSync(expected, "{}");
  expect((await replay(stored?.path as string)).stdout).toMatch(/^FAILED daemon\/intent\/extents: /);
});

it("a finding on a request that no kernel sends is stored with that request", async () => {
  const ran = await certify("robust", "short-body-read-on");
  const stored = readdirSync(join(folder, "robust", "failures"));
  expect(ran.stdout).toContain("warnings about requests that no kernel sends");
  expect(stored.filter((name) => name.startsWith("robustness-"))).not.toEqual([]);
});

describe("a file that is no such failure", () => {
  const stored = {
    format: "fmapspec-requirement-failure",
    version: 1,
    profile: "rfc-v2",
    seed: 1,
    rule: "daemon/reply/answered",
    detail: "no answer",
    decoded: {},
    subject: { command: [...reference, "{mountpoint}"], channel: "auto", via: "direct" },
    options: { level: "quick", timeout: 5000 },
    versions: { fmapspec: "0", fastCheck: "4", node: "20" },
  };
  const twice = {
    format: "fmapspec-manifest",
    version: 1,
    daxdevs: [],
    files: [],
    directories: ["/a", "/a"],
  };

  it.each<[string, object, string[], RegExp]>([
    ["its form", { seed: "1" }, [], /is no requirement-failure file: \/seed/],
    ["its format", { format: "fmapspec-letter" }, [], /is no failure file: its format is none of fmapspec-/],
    ["its profile", { profile: "v99" }, [], /there is no profile 'v99'/],
    [
      "its manifest",
      { options: { ...stored.options, expect: twice } },
      [],
      /\/options\/expect: .*'\/a' is taken/,
    ],
    ["shrinking", {}, ["--shrink"], /--shrink does not go with a requirement/],
    ["a parser", {}, ["--protocol", "exec", "--", ...TRUE], /--protocol does not go with a requirement/],
  ])("for %s", async (name, overrides, args, message) => {
    const path = join(folder, `${name.replaceAll(" ", "-")}.json`);
    writeFileSync(path, JSON.stringify({ ...stored, ...overrides }));
    const ran = await replay(path, ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});
