import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { manifestFromJson, OPCODES, outHeader, ROOT_NODEID } from "../../spec/index.ts";
import { ReferenceDaemon } from "./daemon.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import type { Fault, Hooks } from "./fault.ts";
import { serve } from "./serve.ts";
import { fakeWorld, initBody, messageOf } from "./test/asking.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-serve-"));
afterAll(() => rmSync(folder, { recursive: true }));

const init = messageOf(OPCODES.INIT, 0n, initBody(), { unique: 2n });
const statfs = (unique: bigint) => messageOf(OPCODES.STATFS, ROOT_NODEID, undefined, { unique });
const destroy = messageOf(OPCODES.DESTROY, 0n, undefined, { unique: 90n });

/**
 * Serves requests from a file, which is a channel of a kind: what is read of it was queued all at once, replies go to
 * its end, and behind them it is closed. Returns the uniques of the replies.
 */
async function served(requests: readonly Uint8Array[], hooks: Hooks = {}): Promise<bigint[]> {
  const path = join(folder, "channel");
  const sent = Buffer.concat(requests);
  writeFileSync(path, sent);
  const fault: Fault = { name: "test", rule: "daemon/life/stays", sentence: "Test.", plant: () => hooks };
  const fd = openSync(path, "r+");
  try {
    await serve(fd, new ReferenceDaemon(manifestFromJson(DEFAULT_MANIFEST), fault, fakeWorld()));
  } finally {
    closeSync(fd);
  }
  const uniques: bigint[] = [];
  for (let rest = readFileSync(path).subarray(sent.length); rest.length > 0; ) {
    const { len, unique } = outHeader.read(rest);
    uniques.push(unique);
    rest = rest.subarray(len);
  }
  return uniques;
}

it("answers all that one read gives, in its order, and ends when the channel does", async () => {
  expect(await served([init, statfs(4n), statfs(6n)])).toEqual([2n, 4n, 6n]);
  expect(await served([])).toEqual([]);
});

it("ends with DESTROY, whatever is queued behind it", async () => {
  expect(await served([init, statfs(4n), destroy, statfs(6n)])).toEqual([2n, 4n, 90n]);
});

it("gives a fault the last word", async () => {
  const said: string[] = [];
  await served([init, destroy], { end: () => void said.push("end") });
  await served([init], { end: () => void said.push("end") });
  expect(said).toEqual(["end", "end"]);
});

it("lets a fault speak when nothing comes, and otherwise serves as ever", async () => {
  const quiet = { ms: 1, speak: () => [] };
  expect(await served([init, statfs(4n), destroy], { quiet })).toEqual([2n, 4n, 90n]);
});
