/** libfuse 3.17 and 3.18, and programs on it, on go-fuse, on pyfuse3 and on fuser, as they are in Debian 13 and unstable. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, it } from "vitest";
import { buildFolder } from "../../subjects/daemon/test/built.ts";
import { commandOf, expectInstalled, expectJudged, HERE } from "./test/programs/judging.ts";
import { programsOf, TODAY } from "./test/programs/today.ts";

const folder = buildFolder();
afterAll(folder.remove);
beforeAll(() => {
  execFileSync(`${HERE}/prepare.sh`, [folder.path], { stdio: ["ignore", "ignore", "inherit"] });
});

/** Where FMAPSPEC_TODAY names no folder each is skipped by name, and fails in CI. */
const programs = programsOf(TODAY ?? "/folder-of-FMAPSPEC_TODAY");

describe.concurrent("a program of today", () => {
  it.for(programs.map((program) => [program.name, program] as const))("%s", async ([, program], context) => {
    expectInstalled(program, context);
    await expectJudged(program, commandOf(program, folder.path, context));
  });
});
