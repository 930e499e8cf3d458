import { setTimeout as sleep } from "node:timers/promises";
import { INIT_BITS, type Manifest, type Profile, ROOT_NODEID, rangesOf } from "../../spec/index.ts";
import type { FuseConnection } from "../fuse/connection.ts";
import type { Level } from "../outcome.ts";
import { describeFetch, fetchFmap } from "./fetch.ts";
import { differences } from "./intent.ts";
import { DaemonGone, describe, Kernel } from "./kernel.ts";
import { DaemonLedger } from "./ledger.ts";
import type { ServedFile } from "./map-checks.ts";
import { daxdevs, fetchAll, interrupts, lookupCounts, notFiles, sample, stability } from "./phases.ts";
import { probes, sendProbe } from "./robustness.ts";
import { randomSessions } from "./session.ts";
import { Tree, type TreeNode } from "./tree.ts";

export interface DaemonRunOptions {
  readonly profile: Profile;
  readonly level: Level;
  readonly seed: number;
  readonly expect: Manifest | null;
  readonly signal: AbortSignal;
  /** Starts the daemon afresh. Throws SubjectError when it cannot be started. */
  readonly connect: () => Promise<FuseConnection>;
}

/** Minor of FUSE 7 that is offered, and the least that max_write may be, in bytes. */
const OFFERED_MINOR = 38;
const MIN_WRITE = 4096;

/** Random sessions of a run. */
const SESSIONS = { quick: 12, full: 300, soak: 5000 } as const;

/** Milliseconds in which a daemon that nobody asks anything must not die. */
const IDLE = 50;

/** What INIT came to: whether GET_FMAP and READDIRPLUS will be understood. */
interface Negotiated {
  readonly fmap: boolean;
  readonly plus: boolean;
}

/** Rules of replies, which every request checks. */
const REPLY_RULES = [
  "daemon/reply/length",
  "daemon/reply/unique",
  "daemon/reply/once",
  "daemon/reply/error-range",
  "daemon/reply/no-body-with-error",
] as const;

const NOT_OFFERED = "the daemon does not offer FUSE_DAX_FMAP";

/** One run over a daemon: every requirement, on as many fresh starts of it as it takes. */
export class DaemonRun {
  readonly ledger = new DaemonLedger();
  nodes: readonly TreeNode[] = [];
  served: readonly ServedFile[] = [];
  notes: string[] = [];
  channel = "";
  complete = true;
  private readonly options: DaemonRunOptions;

  constructor(options: DaemonRunOptions) {
    this.options = options;
  }

  async go(): Promise<void> {
    const fmap = await this.main();
    if (this.options.signal.aborted) {
      this.complete = false;
      return;
    }
    if (this.ledger.hasFailed("daemon/life/stays") && this.nodes.length === 0) return;
    if (fmap) {
      await this.notOffered();
      await this.restarted();
      await this.sessions();
    }
    await this.robustness();
    for (const rule of REPLY_RULES) this.ledger.check(rule, null);
    this.ledger.check("daemon/life/stays", null);
  }

  /** Runs `work` on a fresh daemon and closes it; a daemon that goes away fails `daemon/life/stays`. */
  private async withDaemon(
    offerFmap: boolean,
    work: (kernel: Kernel, negotiated: Negotiated) => Promise<void>,
    onClosed: (how: string | null) => void = () => {},
  ): Promise<void> {
    if (this.options.signal.aborted) {
      this.complete = false;
      return;
    }
    const connection = await this.options.connect();
    this.channel = connection.pipelined ? "packet" : "stream";
    this.notes = [...new Set([...this.notes, ...connection.daemon.notes])];
    const stop = () => connection.daemon.kill();
    this.options.signal.addEventListener("abort", stop, { once: true });
    let gone = false;
    try {
      const negotiated = await this.negotiate(connection, offerFmap);
      if (negotiated === null) gone = true;
      else await work(new Kernel(connection, this.ledger, this.options.profile), negotiated);
    } catch (error) {
      if (!(error instanceof DaemonGone)) throw error;
      gone = true;
      if (!this.options.signal.aborted) this.ledger.check("daemon/life/stays", error.message);
    } finally {
      this.options.signal.removeEventListener("abort", stop);
      for (const fault of connection.faults) this.ledger.check(fault.rule, fault.detail);
      const ended = await connection.close({ destroy: !gone });
      if (!gone)
        onClosed(
          ended.signal === null && !ended.killed
            ? null
            : ended.killed
              ? "it did not end and was killed"
              : `killed by ${ended.signal}`,
        );
    }
  }

  /** INIT; null where there is nobody to talk to. */
  private async negotiate(connection: FuseConnection, offerFmap: boolean): Promise<Negotiated | null> {
    const { ledger } = this;
    const init = await connection.init(this.options.profile, { offerFmap, minor: OFFERED_MINOR });
    if (init.kind === "failed") {
      ledger.check(init.rule, init.detail);
      return null;
    }
    const { offered, flags, flags2, minor } = init;
    ledger.check(
      "daemon/init/version",
      minor <= OFFERED_MINOR ? null : `it answers with minor ${minor}, ${OFFERED_MINOR} was offered`,
    );
    const fmapBit = 1n << BigInt(this.options.profile.initBit);
    // The famfs bit has requirements of its own.
    const unasked = flags & ~offered & ~fmapBit;
    ledger.check(
      "daemon/init/only-offered",
      unasked === 0n ? null : `it sets 0x${unasked.toString(16)}, which was not offered`,
    );
    const sets = ((BigInt(flags2) << 32n) & fmapBit) !== 0n;
    if (offerFmap && sets)
      ledger.check(
        "daemon/init/fmap-bit-travels",
        init.fmap ? null : "it sets the bit in flags2 and not FUSE_INIT_EXT",
      );
    if (!offerFmap && sets)
      ledger.check("daemon/init/fmap-only-if-offered", "it sets FUSE_DAX_FMAP, which was not offered");
    ledger.check(
      "daemon/init/max-write",
      init.maxWrite >= MIN_WRITE ? null : `max_write is ${init.maxWrite}`,
    );
    const plus = (init.flags & (1n << BigInt(INIT_BITS.DO_READDIRPLUS))) !== 0n;
    return { fmap: init.fmap && offerFmap, plus };
  }

  private async main(): Promise<boolean> {
    let negotiated = false;
    await this.withDaemon(
      true,
      async (kernel, { fmap, plus }) => {
        negotiated = fmap;
        const { ledger } = this;
        const tree = new Tree(kernel, ledger, plus);
        await tree.walk();
        this.nodes = tree.nodes;
        const files = tree.nodes.filter((n) => n.kind === "file");
        await this.opens(kernel, files);
        await interrupts(kernel, ledger, tree.nodes);
        if (fmap) {
          this.served = await fetchAll(kernel, ledger, files);
          await daxdevs(kernel, ledger, this.served);
          await notFiles(kernel, ledger, tree.nodes);
          await stability(kernel, ledger, this.served);
          this.excuseWithoutFiles(files.length);
          this.intent();
        } else this.excuseWithoutFmap();
        // Last: a daemon that loses count here knows the nodeids no more.
        if (tree.nodes.length === 0) ledger.excuse("daemon/tree/lookup-count", "the tree is empty");
        await lookupCounts(kernel, ledger, tree.nodes);
        await sleep(IDLE);
        const idle = await kernel.getattr(ROOT_NODEID);
        ledger.check(
          "daemon/life/stays",
          "unusable" in idle ? "it does not answer after an idle time" : null,
        );
      },
      (how) => this.ledger.check("daemon/life/destroy", how),
    );
    return negotiated;
  }

  private async opens(kernel: Kernel, files: readonly TreeNode[]): Promise<void> {
    if (files.length === 0) this.ledger.excuse("daemon/tree/open", "the tree has no regular file");
    for (const { nodeid, path } of sample(files, 50)) {
      const opened = await kernel.open(nodeid);
      // ENOSYS is how a daemon says that it does without OPEN.
      const fine = "value" in opened || describe(opened) === "ENOSYS";
      const released = "value" in opened ? await kernel.release(nodeid, opened.value.fh) : null;
      const wrong = fine
        ? released !== null && "errno" in released && describe(released) !== "ENOSYS"
          ? `RELEASE: ${describe(released)}`
          : null
        : `OPEN: ${describe(opened)}`;
      this.ledger.check("daemon/tree/open", wrong, { path });
    }
  }

  private excuseWithoutFmap(): void {
    for (const prefix of ["daemon/fmap/", "daemon/daxdev/", "daemon/intent/", "daemon/init/fmap"])
      this.ledger.excuseAll(prefix, NOT_OFFERED);
    this.notes.push(`not applicable: ${NOT_OFFERED}`);
  }

  private excuseWithoutFiles(files: number): void {
    const { ledger } = this;
    ledger.excuse("daemon/fmap/inside-device", "no --expect MANIFEST that tells the size of a daxdev");
    if (this.served.length === 0) {
      const why = files === 0 ? "the tree has no regular file" : "no file has a map that the kernel takes";
      for (const prefix of ["daemon/fmap/", "daemon/daxdev/"]) ledger.excuseAll(prefix, why);
    }
    if (this.options.expect === null)
      ledger.excuse("daemon/intent/extents", "no --expect MANIFEST was given");
  }

  /** Every file of the manifest against what the kernel would map, and every map against the devices' sizes. */
  private intent(): void {
    const { expect } = this.options;
    if (expect === null) return;
    const byPath = new Map(this.served.map((s) => [s.node.path, s]));
    for (const file of expect.files) {
      const served = byPath.get(file.path);
      const found =
        served === undefined
          ? ["it is not served, or the kernel takes no map of it"]
          : differences(file.map, served.map);
      if (found.length === 0) this.ledger.check("daemon/intent/extents", null);
      for (const detail of found) this.ledger.check("daemon/intent/extents", detail, { path: file.path });
    }
    for (const { index, size } of expect.daxdevs) {
      if (size === null) continue;
      for (const { node, map } of this.served) {
        const beyond = rangesOf(map).find((r) => r.devindex === BigInt(index) && r.offset + r.length > size);
        const detail =
          beyond === undefined
            ? null
            : `it ends at ${beyond.offset + beyond.length}, daxdev ${index} has ${size} bytes`;
        this.ledger.check("daemon/fmap/inside-device", detail, { path: node.path });
      }
    }
  }

  private async notOffered(): Promise<void> {
    await this.withDaemon(false, async (kernel) => {
      const [file] = await this.find(kernel, this.served.slice(0, 1));
      if (file === undefined) return;
      const fetched = await fetchFmap(kernel, file.nodeid);
      this.ledger.check(
        "daemon/init/fmap-only-if-offered",
        fetched.errno === null
          ? `GET_FMAP is answered with ${describeFetch(fetched)}, though the bit was not offered`
          : null,
        { path: file.served.node.path },
      );
    });
  }

  private async restarted(): Promise<void> {
    if (this.ledger.hasFailed("daemon/fmap/stable-again")) return;
    await this.withDaemon(true, async (kernel) => {
      for (const { served, nodeid } of await this.find(kernel, sample(this.served))) {
        const fetched = await fetchFmap(kernel, nodeid);
        const same = fetched.message !== null && Buffer.compare(fetched.message, served.message) === 0;
        const now = fetched.message === null ? describeFetch(fetched) : "another map";
        this.ledger.check("daemon/fmap/stable-restarted", same ? null : `from a restarted daemon: ${now}`, {
          path: served.node.path,
        });
      }
    });
  }

  /** The files' nodeids in a freshly started daemon, by looking their paths up. */
  private async find(
    kernel: Kernel,
    files: readonly ServedFile[],
  ): Promise<{ served: ServedFile; nodeid: bigint }[]> {
    const folders = new Map<string, bigint>([["", ROOT_NODEID]]);
    const found: { served: ServedFile; nodeid: bigint }[] = [];
    for (const served of files) {
      const names = served.node.path.split("/").slice(1);
      let at = "";
      let nodeid: bigint | undefined = ROOT_NODEID;
      for (const name of names) {
        const path = `${at}/${name}`;
        if (!folders.has(path)) {
          const entry = await kernel.lookup(nodeid, name);
          if (!("value" in entry)) {
            nodeid = undefined;
            break;
          }
          folders.set(path, entry.value.nodeid);
        }
        nodeid = folders.get(path) as bigint;
        at = path;
      }
      if (nodeid !== undefined) found.push({ served, nodeid });
    }
    return found;
  }

  private async sessions(): Promise<void> {
    const { ledger } = this;
    // A fault that the phases have found would be found here again, and by another name.
    if (ledger.failures.length > 0 || this.served.length === 0) return;
    await this.withDaemon(true, async (kernel) => {
      const files = await this.playable(kernel);
      const runs = SESSIONS[this.options.level];
      const fault = await randomSessions(kernel, files, runs, this.options.seed);
      if (fault !== null)
        ledger.check(
          fault.rule,
          `${fault.detail}, after ${fault.steps.length} steps: ${JSON.stringify(fault.steps)}`,
        );
    });
  }

  /** Some files as a freshly started daemon knows them: their folders looked up, they themselves not. */
  private async playable(kernel: Kernel): Promise<ServedFile[]> {
    const files: ServedFile[] = [];
    for (const served of sample(this.served, 64)) {
      let parent = ROOT_NODEID;
      for (const name of served.node.path.split("/").slice(1, -1)) {
        const entry = await kernel.lookup(parent, name);
        if ("value" in entry) parent = entry.value.nodeid;
      }
      files.push({ ...served, node: { ...served.node, parent } });
    }
    return files;
  }

  /** A fresh daemon for each probe; in a quick run only after one that it did not take well. */
  private async robustness(): Promise<void> {
    const { profile, level } = this.options;
    let connection: FuseConnection | null = null;
    try {
      for (const probe of probes(profile.opcodes.getFmap)) {
        if (this.options.signal.aborted) {
          this.complete = false;
          return;
        }
        if (connection === null) {
          connection = await this.options.connect();
          const init = await connection.init(profile, { offerFmap: true });
          if (init.kind === "failed") return;
        }
        const unharmed = await sendProbe(connection, this.ledger, probe);
        if (unharmed && level === "quick") continue;
        await connection.close({ destroy: false });
        connection = null;
      }
    } finally {
      await connection?.close({ destroy: false });
    }
  }
}
