import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SubjectError, UsageError } from "../../base/errors.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE, OPCODES } from "../../spec/index.ts";
import { FuseConnection } from "./channel/connection.ts";
import { Daemon } from "./daemon.ts";
import { getattrRoot } from "./test/bodies.ts";
import { Marked } from "./test/left-behind.ts";
import { userNamed } from "./user.ts";

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), "test/misbehaving.mjs");
const daemonWith = (fault: string) => [process.execPath, SCRIPT, fault, "{mountpoint}"];
const isRoot = process.getuid?.() === 0;

describe("a command that cannot be", () => {
  test.each<[string, readonly string[], typeof UsageError | typeof SubjectError, RegExp]>([
    ["empty", [], UsageError, /give its command after --/],
    ["without a place for the mountpoint", ["true"], UsageError, /write \{mountpoint\} where/],
    ["of no program", ["/nowhere/daemon", "{mountpoint}"], SubjectError, /no such program/],
    ["of something not executable", [SCRIPT, "{mountpoint}"], SubjectError, /not executable/],
  ])("%s", async (_, command, kind, message) => {
    const started = Daemon.start(command);
    await expect(started).rejects.toBeInstanceOf(kind);
    await expect(started).rejects.toThrow(message);
  });

  test("of somebody who does not exist", async () => {
    const started = Daemon.start(daemonWith("none"), { user: "no such user" });
    await expect(started).rejects.toThrow(/there is no such user/);
  });
});

test.runIf(isRoot)("only root may start a daemon as somebody else", () => {
  expect(userNamed("root")).toBeNull();
  expect(userNamed("nobody")).toEqual({ uid: expect.any(Number), gid: expect.any(Number) });
  const getuid = vi.spyOn(process, "getuid").mockReturnValue(12345);
  expect(() => userNamed("nobody")).toThrow(/no permission; only root may/);
  getuid.mockRestore();
});

describe("where there is no FFI", () => {
  afterEach(() => {
    vi.doUnmock("koffi");
    vi.resetModules();
  });

  const withoutKoffi = async () => {
    vi.resetModules();
    vi.doMock("koffi", () => {
      throw new Error("no binary for this platform");
    });
    return await import("./channel/connection.ts");
  };

  test("a stream is used and the user told so", async () => {
    const { FuseConnection } = await withoutKoffi();
    const connection = await FuseConnection.start(daemonWith("none"));
    expect(connection.daemon.channel.kind).toBe("stream");
    expect(connection.daemon.notes[0]).toMatch(/there is no packet channel here .* a stream is used/);
    expect(await getattrRoot(connection)).toMatchObject({ kind: "reply", error: 0 });
    await connection.close();
  });

  test("packets cannot be had", async () => {
    const { FuseConnection } = await withoutKoffi();
    const started = FuseConnection.start(daemonWith("none"), { channel: "seqpacket" });
    await expect(started).rejects.toThrow(/there is no packet channel here/);
  });
});

describe("however we end, the daemon and its children do not stay", () => {
  const connection = pathToFileURL(join(PACKAGE_ROOT, "dist/subjects/daemon/channel/connection.js"));
  const program = (marked: Marked, fault: string, end: string) => `
    import { FuseConnection } from ${JSON.stringify(connection.href)};
    const options = { env: ${JSON.stringify(marked.env)} };
    const c = await FuseConnection.start(${JSON.stringify(daemonWith(fault))}, options);
    await c.request(${OPCODES.STATFS}, 1n);
    void c.request(${OPCODES.GETATTR}, 1n);
    setTimeout(() => { ${end} }, 200);
  `;
  test.each([
    ["exit", "hang", "process.exit(7)", { status: 7 }],
    ["exception", "hang", "throw new Error('ours')", { status: 1 }],
    ["exit after it has left", "leave", "process.exit(7)", { status: 7 }],
    // Nobody can clean up here: the daemon sees the end of its channel.
    ["SIGKILL", "silent", "process.kill(process.pid, 'SIGKILL')", { signal: "SIGKILL" }],
  ])("%s", async (_, fault, end, expected) => {
    const marked = new Marked();
    const args = ["--input-type=module", "-e", program(marked, fault, end)];
    expect(spawnSync(process.execPath, args, { timeout: 30_000 })).toMatchObject(expected);
    await marked.expectNobody();
  });
});

describe("requests", () => {
  test("must fit into the channel, and a unique is used once at a time", async () => {
    const connection = await FuseConnection.start(daemonWith("silent"));
    const { maxMessage } = connection.daemon.channel;
    const tooBig = new Uint8Array(maxMessage);
    await expect(connection.request(OPCODES.STATFS, 1n, tooBig)).rejects.toThrow(RangeError);
    await expect(connection.postRaw(new Uint8Array(maxMessage + 1))).rejects.toThrow(RangeError);
    const unique = connection.nextUnique();
    const first = connection.request(OPCODES.GETATTR, 1n, new Uint8Array(16), { unique });
    await expect(connection.request(OPCODES.GETATTR, 1n, undefined, { unique })).rejects.toThrow(/in flight/);
    await connection.close();
    expect(await first).toEqual({ kind: "gone", how: "we have closed the channel" });
    expect(await connection.requestRaw(new Uint8Array(3), 2n)).toMatchObject({ kind: "gone" });
    await connection.postRaw(new Uint8Array(3));
  });

  test("can be sent as bytes, also as too few of them", async () => {
    const connection = await FuseConnection.start(daemonWith("none"));
    const raw = new Uint8Array(48);
    const view = new DataView(raw.buffer);
    view.setUint32(4, OPCODES.GETATTR, true);
    view.setBigUint64(8, 0xffff_ffff_ffff_fffen, true);
    const unique = 0xffff_ffff_ffff_fffen;
    expect(await connection.requestRaw(raw, unique)).toMatchObject({ kind: "reply", error: 0 });
    const short = raw.subarray(0, 24);
    expect(await connection.requestRaw(short, unique)).toMatchObject({ kind: "reply", error: 0 });
    await connection.postRaw(raw.subarray(0, 16));
    await connection.close();
    expect(connection.faults).toMatchObject([{ rule: "daemon/reply/once" }]);
  });

  test("carry their caller", async () => {
    const connection = await FuseConnection.start(daemonWith("none"), {
      caller: { uid: 11, gid: 12, pid: 13 },
    });
    const caller = { uid: 1, gid: 2, pid: 3 };
    expect(await connection.request(OPCODES.STATFS, 1n, undefined, { caller })).toMatchObject({ error: -38 });
    await connection.close();
  });
});

test("INIT of an old kernel has the size of its time", async () => {
  for (const [minor, fmap] of [
    [45, true],
    [35, false],
    [5, false],
  ] as const) {
    const connection = await FuseConnection.start(daemonWith("echo-init"));
    const init = await connection.init(DEFAULT_PROFILE, { offerFmap: true, minor });
    expect(init).toMatchObject({ kind: "agreed", agreed: { fmap } });
    await connection.close();
  }
});
