/** The command `reference-daemon` as the server of a real mount, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { mountDevice, unmount } from "../../subjects/live-kernel/mount.ts";
import { Actions } from "./test/action.ts";
import { mountable } from "./test/mountable.ts";

describe.skipIf(!mountable())("reference-daemon on /dev/fuse", () => {
  let ended = async (): Promise<void> => {};
  afterEach(() => ended());

  async function served(): Promise<{
    child: ChildProcess;
    run: (command: string) => ReturnType<Actions["run"]>;
  }> {
    const { folder, fd } = await mountDevice(true);
    const main = join(PACKAGE_ROOT, "dist/cli/main.js");
    const child = spawn("node", [main, "reference-daemon", "/dev/fd/3"], {
      stdio: ["ignore", "ignore", "inherit", fd],
    });
    closeSync(fd);
    const exited = once(child, "exit");
    const actions = new Actions();
    ended = async () => {
      await unmount(folder, async () => void (await exited));
      await actions.ended();
    };
    return { child, run: (command) => actions.run(folder, command) };
  }

  it("serves its tree, and ends with the mount", async () => {
    const { run } = await served();
    const { out, err } = await run('ls "$M"; cat "$M/data/byte" | wc -c; readlink "$M/link"');
    expect(err).toBe("");
    expect(out.split("\n")).toEqual(expect.arrayContaining(["striped", "1", "data/whole"]));
  });

  it("daemon/life/stays: where it dies, every call on the mount gets ENOTCONN", async () => {
    const { child, run } = await served();
    expect(await run('cat "$M/data/byte"')).toMatchObject({ status: 0 });
    child.kill("SIGKILL");
    await once(child, "exit");
    for (const act of ['ls "$M"', 'cat "$M/data/byte"', 'stat "$M/link"'])
      expect((await run(act)).err, act).toContain("Transport endpoint is not connected");
  });
});
