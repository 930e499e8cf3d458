/** GET_FMAP round trips to the C daemon of drivers/: 256 an iteration. Needs gcc; the daemon is built here. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import { DEFAULT_PROFILE, getattrIn, getFmapIn, OPCODES, ROOT_NODEID } from "../spec/index.ts";
import { fetchFmap } from "../suites/daemon/fetch.ts";
import { Kernel } from "../suites/daemon/kernel.ts";
import { DaemonLedger } from "../suites/daemon/ledger.ts";
import { Tree } from "../suites/daemon/tree.ts";
import { FuseConnection } from "../suites/fuse/connection.ts";
import { PACKAGE_ROOT } from "../suites/package-root.ts";

const N = 256;
const folder = mkdtempSync(join(tmpdir(), "fmapspec-bench-"));
const program = join(folder, "famfsd");
execFileSync("gcc", ["-O2", "-o", program, join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c")]);

/** A connection that has negotiated, and the nodeid of its first file. */
async function ready(channel: "seqpacket" | "stream") {
  const connection = await FuseConnection.start([program, "{mountpoint}"], { channel });
  await connection.init(DEFAULT_PROFILE, { offerFmap: true });
  const ledger = new DaemonLedger();
  const kernel = new Kernel(connection, ledger, DEFAULT_PROFILE);
  const tree = new Tree(kernel, ledger, false);
  await tree.walk();
  const nodeid = tree.nodes.find((n) => n.kind === "file")?.nodeid as bigint;
  return { connection, kernel, nodeid };
}

const packets = await ready("seqpacket");
const stream = await ready("stream");
afterAll(async () => {
  await packets.connection.close();
  await stream.connection.close();
  rmSync(folder, { recursive: true });
});

const body = new Uint8Array(getFmapIn.size);
getFmapIn.write(body, 0, { size: DEFAULT_PROFILE.replySize.first, padding: 0 });
const opcode = DEFAULT_PROFILE.opcodes.getFmap;

describe(`${N} round trips to the C daemon`, () => {
  bench("packets: bare GETATTR, one at a time", async () => {
    for (let i = 0; i < N; i++)
      await packets.connection.request(OPCODES.GETATTR, ROOT_NODEID, new Uint8Array(getattrIn.size));
  });
  bench("packets: bare GET_FMAP, one at a time", async () => {
    for (let i = 0; i < N; i++) await packets.connection.request(opcode, packets.nodeid, body);
  });
  bench("packets: bare GET_FMAP, 64 in flight", async () => {
    for (let i = 0; i < N; i += 64)
      await Promise.all(
        Array.from({ length: 64 }, () => packets.connection.request(opcode, packets.nodeid, body)),
      );
  });
  bench("packets: GET_FMAP as the suite asks it", async () => {
    for (let i = 0; i < N; i++) await fetchFmap(packets.kernel, packets.nodeid);
  });
  bench("stream: bare GET_FMAP, one at a time", async () => {
    for (let i = 0; i < N; i++) await stream.connection.request(opcode, stream.nodeid, body);
  });
});
