import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DEFAULT_PROFILE, OPCODES } from "../../../spec/index.ts";
import { forgetBody, getattrRoot } from "../test/bodies.ts";
import { FuseConnection } from "./connection.ts";
import { ReaderWatch } from "./reader-watch.ts";

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), "../test/misbehaving.mjs");

test("a daemon that polls its descriptor loses nothing either", async () => {
  const command = [process.execPath, SCRIPT, "polls", "{mountpoint}"];
  const connection = await FuseConnection.start(command, { channel: "stream" });
  expect(await connection.init(DEFAULT_PROFILE, { offerFmap: false })).toMatchObject({ kind: "agreed" });
  for (let i = 0; i < 20; i++) {
    await connection.post(OPCODES.FORGET, 2n, forgetBody(1n));
    expect(await getattrRoot(connection)).toMatchObject({ kind: "reply", error: 0 });
  }
  await connection.close();
});

test("where nothing can be seen, the daemon is given time", async () => {
  const watch = new ReaderWatch("socket:[0]");
  expect(watch.sees).toBe(true);
  expect(await watch.nothingLeft(5, () => false)).toBe(false);
  expect(await watch.nothingLeft(60_000, () => true)).toBe(false);
  const blind = new ReaderWatch(null);
  expect(blind.sees).toBe(false);
  expect(await blind.nothingLeft(60_000, () => false)).toBe(true);
});
