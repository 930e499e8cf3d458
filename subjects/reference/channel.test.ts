import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { type Libc, loadLibc } from "../daemon/libc.ts";
import { Channel, descriptorOf, kindOf } from "./channel.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-channel-"));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  "/mnt/famfs",
  "/dev/fd/",
  "/dev/fd/x",
  "/dev/fd/-1",
  "/dev/fd/3/",
  "dev/fd/3",
  "/dev/fd/9999999999",
  "",
])("%j is no mountpoint of an open channel", (mountpoint) => {
  expect(() => descriptorOf(mountpoint)).toThrow(UsageError);
  expect(() => descriptorOf(mountpoint)).toThrow(/the mountpoint has to be \/dev\/fd\/N/);
});

it("knows whether a descriptor is open", () => {
  const fd = openSync(join(folder, "open"), "w+");
  expect(descriptorOf(`/dev/fd/${fd}`)).toBe(fd);
  closeSync(fd);
  expect(() => descriptorOf("/dev/fd/99999")).toThrow("descriptor 99999 is not open");
});

it("a file is a stream, and so is a stream socket; what is not known keeps messages apart", async () => {
  const fd = openSync(join(folder, "file"), "w+");
  expect(kindOf(fd)).toBe("stream");
  closeSync(fd);
  expect(kindOf(99_999)).toBe("messages");

  const path = join(folder, "socket");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = await new Promise<Socket>((resolve) => {
    const s = connect(path, () => resolve(s));
  });
  const { fd: socketFd } = (socket as unknown as { _handle: { fd: number } })._handle;
  expect(kindOf(socketFd)).toBe("stream");
  socket.destroy();
  server.close();
});

describe("a pair of packet sockets", async () => {
  const libc: Libc = await loadLibc();
  const open = new Set<number>();
  const close = (fd: number) => {
    if (open.delete(fd)) closeSync(fd);
  };
  afterEach(() => open.forEach(close));
  const pair = () => {
    const { ours, daemons } = libc.packetPair();
    open.add(ours).add(daemons);
    return { ours, daemons, channel: new Channel(daemons) };
  };
  const packet = (n: number) => new Uint8Array(n).fill(n);

  it("gives a message a read, now or later", async () => {
    const { ours, daemons, channel } = pair();
    expect(kindOf(daemons)).toBe("messages");
    for (const n of [40, 41]) libc.send(ours, packet(n));
    expect(channel.read()?.map((m) => m.length)).toEqual([40]);
    expect((await channel.readLater())?.map((m) => m.length)).toEqual([41]);
    expect(channel.write(packet(16))).toBe(true);
    expect(libc.receive(ours, Buffer.alloc(64))).toBe(16);
  });

  it("loses a reply that no packet can hold, and goes on", () => {
    const { ours, channel } = pair();
    expect(channel.write(new Uint8Array(64 << 20))).toBe(true);
    expect(channel.write(packet(16))).toBe(true);
    expect(libc.receive(ours, Buffer.alloc(64))).toBe(16);
  });

  it("is over when the other end is closed", async () => {
    const { ours, channel } = pair();
    close(ours);
    expect(channel.read()).toBeNull();
    expect(await channel.readLater()).toBeNull();
    expect(channel.write(packet(16))).toBe(false);
  });

  it("is over too where replies were left unread", async () => {
    for (const later of [false, true]) {
      const { ours, channel } = pair();
      channel.write(packet(16));
      close(ours);
      expect(later ? await channel.readLater() : channel.read()).toBeNull();
    }
  });

  it("says what else goes wrong", async () => {
    const { daemons, channel } = pair();
    close(daemons);
    expect(() => channel.read()).toThrow(/EBADF/);
    expect(() => channel.write(packet(16))).toThrow(/EBADF/);
    await expect(channel.readLater()).rejects.toThrow(/EBADF/);
  });
});
