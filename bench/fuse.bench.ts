/**
 * Round trips to daemons, 256 an iteration, one at a time where nothing else is said: GET_FMAP as the suite asks it,
 * beside the bare request. Needs gcc, and for the stand-in of fusermount libfuse's headers.
 *
 * Microseconds of CPU time for one GET_FMAP as the suite asks it, ours and the daemon's, which other work on the machine
 * changes less than the wall time (Node 20.20, two cores, both busy with other things):
 *
 * | daemon    | packets   | stream    |
 * |-----------|-----------|-----------|
 * | C         | 30 and 11 | 35 and 14 |
 * | reference | 36 and 28 | 35 and 24 |
 *
 * Thousands of round trips a second with both on one core (`taskset -c 0`), the machine otherwise idle: C daemon 32 as the
 * suite asks, 36 bare, 47 with 64 in flight over packets, 16 and 20 over a stream; reference daemon 19, 16, 30 and 14, 12;
 * libfuse 32 (GETATTR). On two idle cores of a virtual machine a tenth of that: each message wakes a core that sleeps.
 *
 * About half of ours is send(2) and the event loop's read; encoding, matching and the ledger are an eighth.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import { DEFAULT_PROFILE, getattrIn, getFmapIn, OPCODES, ROOT_NODEID } from "../spec/index.ts";
import { fetchFmap } from "../suites/daemon/fetch.ts";
import { Kernel } from "../suites/daemon/kernel.ts";
import { DaemonLedger } from "../suites/daemon/ledger.ts";
import { Refinding } from "../suites/daemon/refinding.ts";
import { FuseConnection } from "../suites/fuse/connection.ts";
import type { DaemonOptions } from "../suites/fuse/daemon.ts";
import { buildFolder, libfuseExample } from "../suites/fuse/test/built.ts";
import { PACKAGE_ROOT } from "../suites/package-root.ts";

const N = 256;
const folder = buildFolder();
const program = join(folder.path, "famfsd");
execFileSync("gcc", ["-O2", "-o", program, join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c")]);

const opened: FuseConnection[] = [];
afterAll(async () => {
  for (const connection of opened) await connection.close();
  folder.remove();
});

async function connect(command: readonly string[], options: DaemonOptions): Promise<FuseConnection> {
  const connection = await FuseConnection.start([...command, "{mountpoint}"], options);
  await connection.init(DEFAULT_PROFILE, { offerFmap: true });
  opened.push(connection);
  return connection;
}

const attributes = new Uint8Array(getattrIn.size);
const getattr = (connection: FuseConnection) => connection.request(OPCODES.GETATTR, ROOT_NODEID, attributes);

const body = new Uint8Array(getFmapIn.size);
getFmapIn.write(body, 0, { size: DEFAULT_PROFILE.replySize.first, padding: 0 });
const getFmap = (connection: FuseConnection, nodeid: bigint) =>
  connection.request(DEFAULT_PROFILE.opcodes.getFmap, nodeid, body);

const DAEMONS = {
  "the C daemon": { command: [program], path: "/data/one-extent" },
  "the reference daemon": {
    command: [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js"), "reference-daemon"],
    path: "/data/whole",
  },
};

for (const [name, { command, path }] of Object.entries(DAEMONS))
  for (const channel of ["seqpacket", "stream"] as const) {
    const connection = await connect(command, { channel });
    const kernel = new Kernel(connection, new DaemonLedger(), DEFAULT_PROFILE);
    const nodeid = (await new Refinding(kernel).nodeid(path)) as bigint;
    describe(`${N} round trips to ${name} over ${channel}`, () => {
      bench("bare GETATTR", async () => {
        for (let i = 0; i < N; i++) await getattr(connection);
      });
      bench("bare GET_FMAP", async () => {
        for (let i = 0; i < N; i++) await getFmap(connection, nodeid);
      });
      bench("GET_FMAP as the suite asks it", async () => {
        for (let i = 0; i < N; i++) await fetchFmap(kernel, nodeid);
      });
      if (channel === "seqpacket")
        bench("bare GET_FMAP, 64 in flight", async () => {
          for (let i = 0; i < N; i += 64)
            await Promise.all(Array.from({ length: 64 }, () => getFmap(connection, nodeid)));
        });
    });
  }

// The daemon of libfuse knows no GET_FMAP: what is measured is how it came to its channel.
const hello = libfuseExample(folder.path, "hello_ll");
if ("program" in hello) {
  const command = [hello.program, "-f", "-s"];
  const direct = await connect(command, {});
  const standIn = await connect(command, { via: "fusermount" });
  describe(`${N} round trips to libfuse`, () => {
    bench("bare GETATTR, given its channel", async () => {
      for (let i = 0; i < N; i++) await getattr(direct);
    });
    bench("bare GETATTR, through the stand-in of fusermount", async () => {
      for (let i = 0; i < N; i++) await getattr(standIn);
    });
  });
}
