/** FUSE programs of Debian that nobody here wrote: how they are attached, and that nothing untrue is said of them. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SubjectError } from "../../base/errors.ts";
import { buildFolder } from "../../subjects/daemon/test/built.ts";
import { commandOf, expectInstalled, expectJudged, HERE, judged } from "./test/programs/judging.ts";
import { PROGRAMS, UNATTACHABLE } from "./test/programs/table.ts";

const folder = buildFolder();
afterAll(folder.remove);
beforeAll(() => {
  execFileSync(`${HERE}/prepare.sh`, [folder.path], { stdio: ["ignore", "ignore", "inherit"] });
});

describe.concurrent("a program of Debian 12", () => {
  it.for(PROGRAMS.map((program) => [program.name, program] as const))("%s", async ([, program], context) => {
    expectInstalled(program, context);
    const command = commandOf(program, folder.path, context);
    await expectJudged(program, command);
  });
});

describe.concurrent("a program that cannot be attached", () => {
  it.for(UNATTACHABLE.map((program) => [program.name, program] as const))(
    "%s",
    async ([, program], context) => {
      expectInstalled(program, context);
      const run = judged(commandOf(program, folder.path, context), "fuse");
      await expect(run).rejects.toThrow(SubjectError);
      await expect(run).rejects.toThrow(program.says);
    },
  );
});
