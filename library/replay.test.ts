/** The same stored files, run again by the command and by the library. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { fmapspec, scratch } from "../cli/test/command.ts";
import { frailDaemon } from "../suites/daemon/test/frail-daemon.ts";
import { badDriver } from "../test/bad-driver.ts";
import { replay } from "./index.ts";

const folder = scratch();
const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");
const daemon = (...options: string[]) => [process.execPath, MAIN, "reference-daemon", ...options];

/** Each kind of failure: the run that stores it, its rule, and a subject that does not fail. */
const KINDS = {
  message: {
    run: () => [
      "parser",
      "--runs",
      "300",
      "--protocol",
      "frames",
      "--",
      ...badDriver("frames", "accept").command,
    ],
    rule: "fmap-header-nextents-limit",
    sound: { kind: "embedded" } as const,
    instead: ["--protocol", "frames", "--", process.execPath, MAIN, "driver", "--protocol", "frames"],
  },
  session: {
    run: () => ["daemon", "--", ...daemon("--fault", "map-of-another-while-open")],
    rule: "session",
    sound: daemon(),
    instead: ["--", ...daemon()],
  },
  requirement: {
    run: () => ["daemon", "--", ...daemon("--fault", "overlap-in-file")],
    rule: "daemon-fmap-no-overlap-in-file",
    sound: daemon(),
    instead: ["--", ...daemon()],
  },
  death: {
    run: () => [
      "daemon",
      "--",
      ...frailDaemon(folder, "dying", { how: "dies", opcode: "OPEN", path: "/boom" }),
    ],
    rule: "daemon-life-stays",
    sound: frailDaemon(folder, "sound", null),
    instead: ["--", ...frailDaemon(folder, "sound", null)],
  },
};

describe.each(Object.entries(KINDS))("a stored %s", (kind, { run, rule, sound, instead }) => {
  let path = "";
  let stored: Parameters<typeof replay>[0];
  beforeAll(async () => {
    const out = join(folder, kind);
    mkdirSync(out);
    await fmapspec(...(run().slice(0, 1) as [string]), "--seed", "1", "--out", out, ...run().slice(1));
    const failures = join(out, "failures");
    const name = readdirSync(failures).find((n) => n.includes(rule));
    if (name === undefined) throw new Error(`${failures} has no ${rule}: ${readdirSync(failures).join(" ")}`);
    path = join(failures, name);
    stored = JSON.parse(readFileSync(path, "utf8"));
  }, 120_000);

  it("fails again on its own subject, for the same reason", async () => {
    const { status, stdout } = await fmapspec("replay", path);
    const { outcome, now } = await replay(stored);
    expect([status, outcome]).toEqual([1, "failed"]);
    expect(stdout).toBe(`FAILED ${stored.rule}: ${now.join("; ")}\n`);
  });

  it("is fixed by a subject that does what it has to", async () => {
    const { status, stdout } = await fmapspec("replay", path, ...instead);
    expect(await replay(stored, sound)).toEqual({ outcome: "fixed", now: [] });
    expect([status, stdout]).toEqual([0, `FIXED ${stored.rule}\n`]);
  });
});
