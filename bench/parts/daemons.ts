/**
 * Round trips to daemons, one at a time where nothing else is said: GET_FMAP as the suite asks it, beside the bare request.
 * Daemon and suite share a core where taskset is there: on two idle cores of a virtual machine each message wakes a core
 * that sleeps, which costs ten times what is to be measured.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE, getFmapIn } from "../../spec/index.ts";
import { FuseConnection } from "../../subjects/daemon/channel/connection.ts";
import { askForFmap } from "../../suites/daemon/checks/fetch.ts";
import { Kernel } from "../../suites/daemon/kernel.ts";
import { DaemonLedger } from "../../suites/daemon/ledger.ts";
import { Refinding } from "../../suites/daemon/refinding.ts";
import { childrenCpu } from "../children-cpu.ts";
import type { Effort, Figure, Measured, Part } from "../part.ts";
import { inTurn } from "../rounds.ts";

const FLIGHT = 64;

/** Round trips of which the processor time is taken, for each turn: enough for a clock that ticks a hundred times a second. */
const TRIPS = 1000;

const body = new Uint8Array(getFmapIn.size);
getFmapIn.write(body, 0, { size: DEFAULT_PROFILE.replySize.first, padding: 0 });

/** Rounds of something asynchronous. */
const rounds = (work: () => Promise<unknown>) => async (n: number, passes: number) => {
  const times: number[] = [];
  for (let round = 0; round < n; round++) {
    const began = performance.now();
    for (let pass = 0; pass < passes; pass++) await work();
    times.push(1e6 * (performance.now() - began));
  }
  return times;
};

/** Processor time of so many round trips, microseconds for one: ours and the daemon's. */
async function cpuOf(trips: number, work: () => Promise<unknown>): Promise<{ ours: number; theirs: number }> {
  const [before, theirs] = [process.cpuUsage(), childrenCpu()];
  for (let trip = 0; trip < trips; trip++) await work();
  const { user, system } = process.cpuUsage(before);
  return { ours: (user + system) / trips, theirs: (childrenCpu() - theirs) / trips };
}

async function over(
  command: readonly string[],
  path: string,
  channel: "seqpacket" | "stream",
  turns: number,
) {
  const connection = await FuseConnection.start([...command, "{mountpoint}"], { channel });
  try {
    await connection.init(DEFAULT_PROFILE, { offerFmap: true });
    const kernel = new Kernel(connection, new DaemonLedger(), DEFAULT_PROFILE);
    const nodeid = (await new Refinding(kernel).nodeid(path)) as bigint;
    const ask = () => connection.request(DEFAULT_PROFILE.opcodes.getFmap, nodeid, body);
    const flight = () => Promise.all(Array.from({ length: FLIGHT }, ask));
    const cpu = await cpuOf(turns * TRIPS, () => askForFmap(kernel, nodeid));
    const paces = await inTurn(turns, {
      "as the suite asks": { units: 1, run: rounds(() => askForFmap(kernel, nodeid)) },
      bare: { units: 1, run: rounds(ask) },
      // A stream has one request in flight.
      ...(channel === "seqpacket" && { [`${FLIGHT} in flight`]: { units: FLIGHT, run: rounds(flight) } }),
    });
    return { cpu, paces };
  } finally {
    await connection.close();
  }
}

function figuresOf(id: string, { cpu, paces }: Awaited<ReturnType<typeof over>>): Figure[] {
  return [
    ...Object.entries(paces).map(([way, { best, median }]) => ({
      id: `${id}/${way}`,
      unit: "round trips/s",
      value: 1e9 / best,
      median: 1e9 / median,
    })),
    { id: `${id}/CPU time as the suite asks`, unit: "us", value: cpu.ours },
    { id: `${id}/the daemon's`, unit: "us", value: cpu.theirs },
  ];
}

/** Puts our main thread, and whom it starts from now on, on one core; returns how to undo it, null: there is no taskset. */
function shareCore(): (() => void) | null {
  const set = (cores: string) =>
    execFileSync("taskset", ["-cp", cores, String(process.pid)], { stdio: "pipe" });
  try {
    const before = /list: (\S+)/.exec(
      String(execFileSync("taskset", ["-cp", String(process.pid)])),
    )?.[1] as string;
    set("0");
    return () => void set(before);
  } catch {
    return null;
  }
}

async function run({ quick, folder }: Effort): Promise<Measured> {
  const program = join(folder, "famfsd");
  execFileSync("gcc", ["-O2", "-o", program, join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c")]);
  const main = join(PACKAGE_ROOT, "dist/cli/main.js");
  const DAEMONS = {
    "C daemon": { command: [program], path: "/data/one-extent" },
    "reference daemon": { command: [process.execPath, main, "reference-daemon"], path: "/data/whole" },
  };
  const figures: Figure[] = [];
  const undo = shareCore();
  try {
    for (const [name, { command, path }] of Object.entries(DAEMONS))
      for (const channel of ["seqpacket", "stream"] as const)
        figures.push(
          ...figuresOf(`daemons/${name}, ${channel}`, await over(command, path, channel, quick ? 1 : 20)),
        );
  } finally {
    undo?.();
  }
  return {
    figures,
    notes: undo === null ? ["there is no taskset: daemon and suite had cores of their own"] : [],
  };
}

export const daemons: Part = {
  summary: "round trips of GET_FMAP to daemons over packets and a stream",
  needs: ["gcc"],
  run,
};
