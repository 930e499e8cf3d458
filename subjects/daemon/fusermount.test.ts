import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { available } from "../../test/tools.ts";
import { prepareStandIn } from "./fusermount.ts";
import { hidingBehind } from "./hiding.ts";

const run = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: "utf8", env: {} });

test("the stand-in answers what daemons ask besides mounting", () => {
  const standIn = prepareStandIn("seqpacket", 19, null, true);
  for (const name of ["fusermount3", "fusermount"]) {
    const helper = join(standIn.folder, name);
    expect(run(helper, "--version")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("fusermount3"),
    });
    expect(run(helper, "-h").status).toBe(0);
    expect(run(helper, "-u", "-q", "-z", "--", standIn.mountpoint).status).toBe(0);
    expect(run(helper, "-o", "rw", "--", standIn.mountpoint)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no _FUSE_COMMFD"),
    });
  }
  expect(existsSync(join(standIn.mountpoint, ".go-fuse-epoll-hack"))).toBe(true);
  standIn.dispose();
  expect(existsSync(dirname(standIn.folder))).toBe(false);
});

test("what somebody put into the mountpoint is not removed", () => {
  const standIn = prepareStandIn("stream", 19, null, false);
  const folder = join(standIn.mountpoint, "precious");
  mkdirSync(folder);
  writeFileSync(join(folder, "file"), "");
  standIn.dispose();
  expect(existsSync(join(folder, "file"))).toBe(true);
  rmSync(dirname(standIn.folder), { recursive: true });
});

test.skipIf(!available("setpriv", "util-linux"))(
  "without a mount namespace a real fusermount3 is at least made powerless, and the user told so",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "fmapspec-test-"));
    const { PATH } = process.env;
    const without = (...programs: string[]) => {
      for (const program of programs)
        writeFileSync(join(folder, program), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      process.env.PATH = `${folder}:${PATH}`;
      return hidingBehind("/nowhere/fusermount3");
    };
    try {
      const there = existsSync("/usr/bin/fusermount3");
      const powerless = without("unshare");
      expect(powerless.switchesUser).toBe(false);
      expect(powerless.wrap(["daemon"], null)).toEqual(
        expect.arrayContaining(["setpriv", "--no-new-privs", "daemon"]),
      );
      expect(powerless.notes).toEqual(
        there ? [expect.stringMatching(/in PATH is not served and ends$/)] : [],
      );
      const unguarded = without("setpriv");
      expect(unguarded.wrap(["daemon"], null)).toEqual(["daemon"]);
      expect(unguarded.notes).toEqual(there ? [expect.stringMatching(/in PATH mounts in earnest$/)] : []);
    } finally {
      process.env.PATH = PATH;
      rmSync(folder, { recursive: true });
    }
  },
);
