import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { UsageError } from "../failure.ts";
import { descriptorOf, kindOf } from "./channel.ts";

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
