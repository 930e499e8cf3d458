import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { available } from "../../../test/tools.ts";
import { Daemon } from "../daemon.ts";
import { readRoom } from "./read-room.ts";

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), "../test/misbehaving.mjs");
const python = available("python3", "python3");

/** What /proc shows of a daemon that runs this command. */
async function roomOf(command: readonly string[], channel: "auto" | "stream" = "auto") {
  const daemon = await Daemon.start(command, { channel });
  try {
    return await readRoom(daemon.socket, 20_000);
  } finally {
    await daemon.dispose(Promise.resolve());
  }
}

/** A daemon that waits for its first request in this call of Python's. */
const waitsIn = (call: string) => [
  "python3",
  "-c",
  `import os, socket, sys, threading
fd = int(sys.argv[-1].rsplit("/", 1)[1])
${call}`,
  "{mountpoint}",
];

describe("the room of the read that waits", () => {
  it.skipIf(!python).each([
    ["read", "os.read(fd, 12345)", [12345]],
    ["readv", "os.readv(fd, [bytearray(100), bytearray(9000)])", [9100]],
    ["recv", "socket.socket(fileno=fd).recv(777)", [777]],
    ["recvmsg", "socket.socket(fileno=fd).recvmsg_into([bytearray(64), bytearray(4096)])", [4160]],
  ])("is that of %s", async (_, call, rooms) => {
    const room = await roomOf(waitsIn(call));
    expect(room.kind === "waiting" && [...room.threads.values()]).toEqual(rooms);
  });

  it("is hidden where the daemon polls", async () => {
    const room = await roomOf([process.execPath, SCRIPT, "polls", "{mountpoint}"], "stream");
    expect(room).toEqual({
      kind: "hidden",
      why: expect.stringMatching(/^the daemon does not wait for a request/),
    });
  });

  it("is hidden where /proc has no such socket", async () => {
    expect(await readRoom(null, 0)).toMatchObject({
      kind: "hidden",
      why: expect.stringMatching(/^this system/),
    });
    expect(await readRoom("socket:[0]", 0)).toEqual({
      kind: "hidden",
      why: expect.stringMatching(/^no process/),
    });
  });
});
