/** What a daemon serves after its files have changed, as a kernel learns it whose entries have expired. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseFmap } from "../../../oracles/index.ts";
import { hexOf, type Manifest, type ManifestFile, ROOT_NODEID } from "../../../spec/index.ts";
import { describe, type Entry, type Kernel } from "../kernel.ts";
import type { DaemonLedger } from "../ledger.ts";
import { Refinding } from "../refinding.ts";
import { describeFetch, fetchFmap } from "./fetch.ts";
import { differences, typeDifference } from "./intent.ts";

/** A change of what the daemon serves, made from outside while it runs. */
export interface Mutation {
  /** For /bin/sh; `$FMAPSPEC_DAEMON` is the process id of the daemon. */
  readonly command: string;
  /** What the daemon serves then. */
  readonly after: Manifest;
}

/** Milliseconds that the command may take. */
const PATIENCE = 60_000;

/** Bytes of what the command writes to stderr that are reported. */
const MOST_PRINTED = 500;

/** Runs the command; returns why it did not succeed, or null. */
export async function runMutation(
  command: string,
  daemon: number,
  patience = PATIENCE,
): Promise<string | null> {
  const child = spawn("/bin/sh", ["-c", command], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, FMAPSPEC_DAEMON: `${daemon}` },
  });
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (printed.length < MOST_PRINTED)
      printed += chunk.toString("utf8").slice(0, MOST_PRINTED - printed.length);
  });
  const late = setTimeout(() => child.kill("SIGKILL"), patience);
  // What it leaves running may hold its stderr open: its own end counts.
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  clearTimeout(late);
  child.stderr.destroy();
  if (code === 0) return null;
  const how = signal === null ? `ended with status ${code}` : `was killed by ${signal}`;
  return `the command of --mutate ${how}${printed === "" ? "" : `: ${printed.trim()}`}`;
}

/** Looks every path up in a fresh way; what is not there is left out. */
async function lookUp(kernel: Kernel, paths: Iterable<string>): Promise<Map<string, Entry>> {
  const refinding = new Refinding(kernel);
  const entries = new Map<string, Entry>();
  for (const path of paths) {
    const entry = await refinding.entry(path);
    if (entry !== null) entries.set(path, entry);
  }
  return entries;
}

/** Gives back every lookup, as when all entries have expired and nothing is open. */
function forgetAll(kernel: Kernel): void {
  for (const nodeid of [...kernel.lookups.keys()]) if (nodeid !== ROOT_NODEID) kernel.forget(nodeid);
}

/** Nodeids of files that are gone, still looked up, under which the daemon now gives other files. */
function checkReuse(
  ledger: DaemonLedger,
  lookedUp: ReadonlyMap<string, Entry>,
  now: ReadonlyMap<string, Entry>,
): void {
  for (const [path, { nodeid, generation }] of now) {
    const other = [...lookedUp].find(
      ([old, e]) => e.nodeid === nodeid && e.generation === generation && old !== path && !now.has(old),
    );
    const detail =
      other === undefined || lookedUp.get(path)?.nodeid === nodeid
        ? null
        : `LOOKUP gives nodeid ${nodeid}, generation ${generation}, which is still looked up as ${other[0]}`;
    ledger.check("daemon/change/reused-nodeid", detail, { path });
  }
}

async function checkFile(
  kernel: Kernel,
  { path, map }: ManifestFile,
  entry: Entry | undefined,
): Promise<void> {
  const { ledger } = kernel;
  if (entry === undefined) {
    const missing = "the second manifest lists it, and the daemon does not serve it";
    ledger.check("daemon/change/map", missing, { path });
    return;
  }
  const attr = await kernel.getattr(entry.nodeid);
  const sizes = [
    ["LOOKUP", entry.size],
    ["GETATTR", "value" in attr ? attr.value.size : describe(attr)],
  ] as const;
  const other = sizes.find(([, size]) => size !== map.fileSize);
  ledger.check(
    "daemon/change/size",
    other === undefined ? null : `${other[0]} gives the size ${other[1]}, meant was ${map.fileSize}`,
    { path },
  );
  const fetched = await fetchFmap(kernel, entry.nodeid);
  if (fetched.message === null) {
    const why = `it has no map: GET_FMAP is answered with ${describeFetch(fetched)}`;
    ledger.check("daemon/change/map", why, { path });
    return;
  }
  const evidence = { path, reply: hexOf(fetched.message) };
  const verdict = parseFmap(kernel.profile, fetched.message);
  if (verdict.verdict === "unspecified") return;
  const wrong =
    verdict.verdict === "reject"
      ? `it has no map: the kernel refuses it with ${verdict.errno} (${verdict.rule})`
      : (differences(map, verdict.map)[0] ?? typeDifference(map, verdict.map));
  ledger.check("daemon/change/map", wrong, wrong === null ? {} : evidence);
}

/**
 * Looks up what the daemon serves, has it changed, and compares what it serves then with the second manifest; `before`:
 * the files of the first one. Returns why nothing could be compared, or null.
 */
export async function checkMutation(
  kernel: Kernel,
  { command, after }: Mutation,
  before: readonly string[],
): Promise<string | null> {
  const { ledger } = kernel;
  const lookedUp = await lookUp(kernel, before);
  for (const { nodeid } of lookedUp.values()) await fetchFmap(kernel, nodeid);
  const failed = await runMutation(command, kernel.connection.daemon.pid);
  if (failed !== null) return failed;
  const paths = after.files.map((f) => f.path);
  checkReuse(ledger, lookedUp, await lookUp(kernel, paths));
  forgetAll(kernel);
  const fresh = await lookUp(kernel, paths);
  for (const file of after.files) await checkFile(kernel, file, fresh.get(file.path));
  const kept = new Set(paths);
  const gone = before.filter((path) => !kept.has(path));
  const still = await lookUp(kernel, gone);
  for (const path of gone) {
    const entry = still.get(path);
    const detail = entry === undefined ? null : `LOOKUP still finds it, as nodeid ${entry.nodeid}`;
    ledger.check("daemon/change/gone-file", detail, { path });
  }
  return null;
}
