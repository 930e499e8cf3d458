/** A million requests to the C daemon of drivers/: neither side grows. Needs gcc. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { DEFAULT_PROFILE } from "../spec/index.ts";
import { FuseConnection } from "../subjects/daemon/channel/connection.ts";
import { askForFmap } from "../suites/daemon/checks/fetch.ts";
import { Kernel } from "../suites/daemon/kernel.ts";
import { DaemonLedger } from "../suites/daemon/ledger.ts";
import { Tree } from "../suites/daemon/tree/walk.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-soak-"));
afterAll(() => rmSync(folder, { recursive: true }));
const program = join(folder, "famfsd");
execFileSync("gcc", ["-O2", "-o", program, join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c")]);

const REQUESTS = 1_000_000;
const WIDTH = 16;

/** What a garbage collector leaves lying about, in MiB. */
const SLACK = 48;

/** Resident memory of a process in MiB. */
const residentOf = (pid: number | "self"): number =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

it.each(["seqpacket", "stream"] as const)(
  "a million requests over %s leave memory as it was",
  async (channel) => {
    const connection = await FuseConnection.start([program, "{mountpoint}"], { channel });
    await connection.init(DEFAULT_PROFILE, { offerFmap: true });
    const ledger = new DaemonLedger();
    const kernel = new Kernel(connection, ledger, DEFAULT_PROFILE);
    const tree = new Tree(kernel);
    await tree.walk();
    const file = tree.nodes.find((n) => n.kind === "file");
    if (file === undefined) throw new Error("the daemon serves no file");
    const { nodeid, parent, name } = file;
    const memory: [number, number][] = [];
    const began = performance.now();
    for (let tenth = 0; tenth < 10; tenth++) {
      for (let i = 0; i < REQUESTS / 10; i += 2 * WIDTH) {
        await Promise.all(Array.from({ length: WIDTH }, () => askForFmap(kernel, nodeid)));
        // A LOOKUP and the FORGET of it: both sides count.
        for (let j = 0; j < WIDTH / 2; j++) {
          await kernel.lookup(parent, name);
          kernel.forget(nodeid, 1n);
        }
      }
      memory.push([residentOf("self"), residentOf(connection.daemon.pid)]);
    }
    const seconds = (performance.now() - began) / 1000;
    const text = memory.map(([ours, daemons]) => `${ours.toFixed(0)}+${daemons.toFixed(1)}`).join(" ");
    console.log(
      `${channel}: ${(REQUESTS / seconds).toFixed(0)} requests/s; MiB of us and of the daemon: ${text}`,
    );
    const [first, last] = [memory[1], memory[9]] as [[number, number], [number, number]];
    expect(last[0] - first[0]).toBeLessThan(SLACK);
    expect(last[1] - first[1]).toBeLessThan(1);
    expect(connection.faults).toEqual([]);
    expect(kernel.lookups.get(nodeid)).toBe(1n);
    await connection.close();
  },
);
