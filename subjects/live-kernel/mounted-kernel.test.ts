/** A real mount of the machine that the tests run on, whose kernel need not know famfs. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE, OPCODES } from "../../spec/index.ts";
import { smallest } from "../../suites/kernel/cases.ts";
import { confirm, detect, ordinary } from "../../suites/kernel/detection.ts";
import { available, rootWith } from "../../test/tools.ts";
import { KernelLog } from "./kernel-log.ts";
import { Kmemleak } from "./kmemleak.ts";
import { Mount } from "./mount.ts";
import { MountedKernel } from "./mounted-kernel.ts";
import { Opening } from "./opening.ts";
import { SERVER_BYTES, SERVER_SIZE } from "./question.ts";
import { LiveServer, termsOf } from "./server.ts";

const question = ordinary(DEFAULT_PROFILE, smallest(DEFAULT_PROFILE));
const mounts = () => readFileSync("/proc/mounts", "utf8").match(/fmapspec-mount-/g)?.length ?? 0;

/** Kills the opener that waits in open(2); false: there is none yet. */
function killOpener(): boolean {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const waits = readFileSync(`/proc/${pid}/wchan`, "utf8").includes("request_wait_answer");
      if (!waits || (!stat.includes(`) D ${process.pid} `) && !stat.includes(`) S ${process.pid} `)))
        continue;
      process.kill(Number(pid), "SIGKILL");
      return true;
    } catch {
      // Gone meanwhile.
    }
  }
  return false;
}

describe.skipIf(!(rootWith("/dev/fuse") && available("mount", "mount")))("a mount", () => {
  const log = new KernelLog();
  let kernel = new MountedKernel(5000, log, new Kmemleak());
  afterEach(() => kernel.unmount());

  it("serves files of the server's size and bytes, and is gone afterwards", async () => {
    const before = mounts();
    const offer = await kernel.mount({ ...termsOf(DEFAULT_PROFILE), take: 0n });
    expect(offer.minor).toBeGreaterThan(30);
    const seen = await kernel.ask({ ...question, opens: 2 });
    const read = Buffer.from(SERVER_BYTES).toString("hex");
    const open = { rc: 0, size: SERVER_SIZE, read };
    expect(seen).toMatchObject({ opens: [open, open], asked: [[], []], daxdevs: [[], []], alarms: [] });
    await kernel.unmount();
    expect(mounts()).toBe(before);
  });

  it("tells whether this kernel has famfs", async () => {
    const found = await detect(kernel);
    expect("without" in found || "profile" in found).toBe(true);
    if ("without" in found) expect(await confirm(kernel, DEFAULT_PROFILE)).toHaveProperty("without");
  });

  /** A mount whose server never answers OPEN, and a file in it. */
  async function muteMount(): Promise<{ mount: Mount; path: string }> {
    class Mute extends LiveServer {
      override answer(message: Uint8Array) {
        const opcode = new DataView(message.buffer, message.byteOffset).getUint32(4, true);
        return opcode === OPCODES.OPEN ? null : super.answer(message);
      }
    }
    const server = new Mute(termsOf(DEFAULT_PROFILE));
    server.add("f", question);
    const mount = await Mount.of(server);
    return { mount, path: `${mount.folder}/f` };
  }

  it("ends an open(2) that does not come back", async () => {
    const { mount, path } = await muteMount();
    const opening = new Opening(3000);
    expect(await opening.open(path)).toEqual({
      kind: "hang",
      detail: "open(2) did not return within 3000 ms",
    });
    expect(await opening.open(`${path}oo`)).toEqual({ rc: -2, size: SERVER_SIZE, read: null });
    await opening.stop();
    await mount.end();
  });

  it("says so when the process that opens is killed over it", async () => {
    const { mount, path } = await muteMount();
    const opening = new Opening(60_000);
    const lost = opening.open(path);
    while (!killOpener()) await sleep(10);
    await mount.end();
    expect(await lost).toEqual({ kind: "crash", detail: "open(2) killed its process (SIGKILL)" });
  });

  it("is removed though its process is killed", async () => {
    const module = JSON.stringify(join(PACKAGE_ROOT, "dist/subjects/live-kernel/mount.js"));
    const script = `import(${module}).then(async ({ mountDevice }) => {
      process.stdout.write((await mountDevice(true)).folder, () => process.kill(process.pid, "SIGKILL"));
    })`;
    const { stdout, signal } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(signal).toBe("SIGKILL");
    expect(stdout).toMatch(/fmapspec-/);
    while (readFileSync("/proc/mounts", "utf8").includes(stdout) || existsSync(stdout)) await sleep(10);
  });

  it("is refused with the reason of mount(8)", async () => {
    const { PATH } = process.env;
    process.env.PATH = "/nowhere";
    try {
      kernel = new MountedKernel(5000, log, new Kmemleak());
      await expect(kernel.mount(termsOf(DEFAULT_PROFILE))).rejects.toThrow(
        "the mount was refused: mount cannot be run (ENOENT)",
      );
    } finally {
      process.env.PATH = PATH;
    }
  });
});
