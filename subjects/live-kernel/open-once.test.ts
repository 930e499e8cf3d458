import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ERRNO } from "../../spec/index.ts";
import { openOnce } from "./open-once.ts";
import { SERVER_BYTES, SERVER_SIZE } from "./question.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("reads a file of the server's size, and no other: that has a map", () => {
  const plain = join(folder, "plain");
  writeFileSync(plain, Buffer.alloc(Number(SERVER_SIZE), SERVER_BYTES));
  const read = Buffer.from(SERVER_BYTES).toString("hex");
  expect(openOnce(plain)).toEqual({ rc: 0, size: String(SERVER_SIZE), read });
  const mapped = join(folder, "mapped");
  writeFileSync(mapped, "x");
  expect(openOnce(mapped)).toEqual({ rc: 0, size: "1", read: null });
});

it("tells the errno of a file that cannot be opened, and its size as far as there is one", async () => {
  expect(openOnce(join(folder, "none"))).toEqual({ rc: -2, size: String(SERVER_SIZE), read: null });
  const socket = join(folder, "socket");
  const server = createServer().listen(socket);
  await once(server, "listening");
  expect(openOnce(socket)).toEqual({ rc: -ERRNO.ENXIO, size: "0", read: null });
  server.close();
});
