import { setTimeout as sleep } from "node:timers/promises";
import { type Manifest, type Profile, ROOT_NODEID, type RuleId } from "../../spec/index.ts";
import type { FuseConnection } from "../fuse/connection.ts";
import type { Level, Shard } from "../outcome.ts";
import { SPECIAL } from "../parser/recipes.ts";
import { isOf } from "../shard.ts";
import type { DaemonState } from "./conclusion.ts";
import { daxdevs } from "./daxdevs.ts";
import { askForFmap, describeFetch, fetchFmap } from "./fetch.ts";
import { fmapInFlags, hasTwin } from "./fmap-placement.ts";
import { checkDeviceEnds, checkIntent } from "./intent-checks.ts";
import type { Kernel } from "./kernel.ts";
import { DaemonLedger } from "./ledger.ts";
import type { ServedFile } from "./map-checks.ts";
import { type Asker, type Negotiated, REQUEST_TIMEOUT } from "./negotiation.ts";
import { fetchAll, interrupts, notFiles, opens } from "./phases.ts";
import { Refinding } from "./refinding.ts";
import { daxdevProbes, probes, sendProbe } from "./robustness.ts";
import { sample } from "./sampling.ts";
import type { DaemonScope } from "./scope.ts";
import { playedFile, randomSessions, sessionsOf } from "./session.ts";
import { lookupCounts, stability } from "./stability.ts";
import { type Connect, Starts } from "./starts.ts";
import type { TreeNode } from "./tree/node.ts";
import { Tree } from "./tree/walk.ts";

export interface DaemonRunOptions {
  readonly profile: Profile;
  readonly level: Level;
  readonly seed: number;
  readonly expect: Manifest | null;
  /** What the daemon is judged by; `famfs` if not given. */
  readonly scope?: DaemonScope;
  readonly signal: AbortSignal;
  readonly connect: Connect;
  /** Only this part of the random sessions and of the probes. */
  readonly shard?: Shard;
  /** Where an interrupted run goes on, once it has done again what regards the whole tree. */
  readonly from?: Pick<DaemonState, "position" | "split" | "session">;
  /** Hears that there is something to keep. */
  readonly checkpoint?: () => void;
}

/** Random sessions of a run, and files that they play with at most. */
const SESSIONS = { quick: 80, full: 1000, soak: 5000 } as const;
const PLAYED = 64;

/** Milliseconds in which a daemon that nobody asks anything must not die. */
const IDLE = 50;

/** Rules of what the daemon writes, which every message of it checks. */
const REPLY_RULES = [
  "daemon/reply/length",
  "daemon/reply/unique",
  "daemon/reply/once",
  "daemon/reply/error-range",
  "daemon/reply/no-body-with-error",
  "daemon/reply/interrupt-bit",
  "daemon/notify/code",
  "daemon/notify/body",
] as const;

/** Rules of what is in the tree. */
const TREE_RULES = [
  "daemon/tree/lookup-getattr",
  "daemon/tree/listed-names",
  "daemon/tree/lookup-count",
] as const;

const NOT_OFFERED = "the daemon does not offer FUSE_DAX_FMAP";

/** One run over a daemon: every requirement, on as many fresh starts of it as it takes. */
export class DaemonRun {
  readonly ledger = new DaemonLedger();
  /** What the probes have shown, which shards share out among them. */
  readonly split = new DaemonLedger();
  /** Of the next random session, or behind SPECIAL of the next probe. */
  position: number;
  readonly starts: Starts;
  nodes: readonly TreeNode[] = [];
  served: readonly ServedFile[] = [];
  /** The daxdev of each index that a map uses. */
  private daxdevNames: ReadonlyMap<bigint, string> = new Map();
  /** Whether the daemon set FUSE_DAX_FMAP when it was offered. */
  famfs: "agreed" | "declined" | "unknown" = "unknown";
  /** The session that failed, if one did. */
  session: Awaited<ReturnType<typeof randomSessions>> = null;
  private readonly options: DaemonRunOptions;

  constructor(options: DaemonRunOptions) {
    this.options = options;
    const { from } = options;
    this.position = from?.position ?? 0;
    if (from !== undefined) this.split.takeUp(from.split);
    const ledgers = [this.ledger, this.split] as const;
    this.starts = new Starts(options.connect, ledgers, options.profile, options.signal);
  }

  async go(): Promise<void> {
    const negotiated = await this.main();
    if (negotiated === null) return;
    if (this.famfs === "agreed") {
      await this.strangers();
      await this.restarted();
      await this.sessions();
    } else await this.misplacedBit(negotiated);
    await this.robustness();
    for (const rule of REPLY_RULES) this.ledger.check(rule, null);
    if (this.starts.channel === "packet") this.ledger.check("daemon/reply/one-write", null);
    else this.ledger.excuse("daemon/reply/one-write", "a stream does not show where one write ends");
    this.ledger.check("daemon/life/stays", null);
  }

  /** Null: there was nobody to talk to, or not for long enough. */
  private async main(): Promise<Negotiated | null> {
    let told: Negotiated | null = null;
    await this.starts.withDaemon(
      this.options.scope === "fuse" ? "no-famfs" : "famfs",
      async (kernel, negotiated) => {
        if (this.options.scope !== "fuse") this.famfs = negotiated.fmap ? "agreed" : "declined";
        const { ledger } = this;
        const tree = new Tree(kernel, ledger);
        await tree.walk();
        told = negotiated;
        this.nodes = tree.nodes;
        const files = tree.nodes.filter((n) => n.kind === "file");
        await opens(kernel, ledger, files);
        await interrupts(kernel, ledger, tree.nodes);
        if (this.famfs === "agreed") await this.maps(kernel, files);
        else if (this.famfs === "declined") this.excuseWithoutFmap();
        // Last: a daemon that loses count here knows the nodeids no more.
        if (tree.nodes.length === 0) for (const rule of TREE_RULES) ledger.excuse(rule, "the tree is empty");
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
    return this.starts.stopped() ? null : told;
  }

  private async maps(kernel: Kernel, files: readonly TreeNode[]): Promise<void> {
    const { ledger } = this;
    const { expect } = this.options;
    const { served, unmapped } = await fetchAll(kernel, ledger, files);
    this.served = served;
    this.daxdevNames = await daxdevs(kernel, ledger, this.served);
    await notFiles(kernel, ledger, this.nodes);
    await stability(kernel, ledger, this.served);
    ledger.excuse("daemon/fmap/inside-device", "no --expect MANIFEST that tells the size of a daxdev");
    if (this.served.length === 0) {
      const why =
        files.length === 0 ? "the tree has no regular file" : "no file has a map that the kernel takes";
      for (const prefix of ["daemon/fmap/", "daemon/daxdev/", "daemon/init/fmap-only", "daemon/init/newer"])
        ledger.excuseAll(prefix, why);
    }
    const unheld = expect === null ? "no --expect MANIFEST was given" : "the manifest has no file";
    for (const rule of ["daemon/intent/extents", "daemon/intent/file-type"] as const)
      ledger.excuse(rule, unheld);
    if (expect !== null) {
      checkIntent(ledger, expect, served, unmapped);
      checkDeviceEnds(ledger, expect, this.served);
    }
  }

  private excuseWithoutFmap(): void {
    for (const prefix of [
      "daemon/fmap/",
      "daemon/daxdev/",
      "daemon/intent/",
      "daemon/init/fmap",
      "daemon/init/newer",
    ])
      this.ledger.excuseAll(prefix, NOT_OFFERED);
    this.starts.note(`not applicable: ${NOT_OFFERED}`);
  }

  /** Whether the daemon put FUSE_DAX_FMAP where the kernel does not look: told from a wish of its own by a second INIT. */
  private async misplacedBit(offered: Negotiated): Promise<void> {
    const { profile } = this.options;
    if (!hasTwin(offered, profile)) return;
    await this.starts.withDaemon("no-famfs", async (_, notOffered) => {
      this.ledger.check("daemon/init/fmap-bit-travels", fmapInFlags(offered, notOffered, profile));
    });
  }

  /** A kernel without famfs, and one that means something else by the bit: GET_FMAP is out of place. */
  private async strangers(): Promise<void> {
    const { profile } = this.options;
    await this.refusedMap("no-famfs", "daemon/init/fmap-only-if-offered", "though the bit was not offered");
    // Where the bit is another one there is no such requirement.
    if (profile.initBit === REQUEST_TIMEOUT)
      await this.refusedMap("newer", "daemon/init/newer-kernel", "and bit 42 was taken for FUSE_DAX_FMAP");
  }

  private refusedMap(asker: Asker, rule: RuleId, why: string): Promise<void> {
    return this.starts.withDaemon(asker, async (kernel, { fmap }) => {
      const [file] = this.served;
      if (file === undefined) return;
      const { path } = file.node;
      const nodeid = await new Refinding(kernel).nodeid(path);
      if (nodeid === null) return;
      const fetched = await askForFmap(kernel, nodeid);
      const answered = fetched.message !== null || fetched.sizeFault !== null;
      const wrong = answered && (fmap || asker === "no-famfs");
      const detail = wrong ? `GET_FMAP is answered with ${describeFetch(fetched)}, ${why}` : null;
      this.ledger.check(rule, detail, { path });
    });
  }

  private async restarted(): Promise<void> {
    if (this.ledger.hasFailed("daemon/fmap/stable-again")) return;
    await this.starts.withDaemon("famfs", async (kernel) => {
      const refinding = new Refinding(kernel);
      for (const { node, message } of sample(this.served)) {
        const { path } = node;
        const nodeid = await refinding.nodeid(path);
        if (nodeid === null) continue;
        const fetched = await fetchFmap(kernel, nodeid);
        const same = fetched.message !== null && Buffer.compare(fetched.message, message) === 0;
        const now = fetched.message === null ? describeFetch(fetched) : "another map";
        const detail = same ? null : `from a restarted daemon: ${now}`;
        this.ledger.check("daemon/fmap/stable-restarted", detail, { path });
      }
    });
  }

  private async sessions(): Promise<void> {
    const { ledger } = this;
    const { profile, level, seed, shard, from, checkpoint } = this.options;
    // A fault that the phases have found would be found here again, and by another name.
    if (ledger.failures.length > 0 || this.served.length === 0 || from?.session) return;
    const files = sample(this.served, PLAYED).map(playedFile);
    const sessions = sessionsOf(SESSIONS[level], seed).filter(
      ([index]) => isOf(shard, index) && index >= this.position,
    );
    if (sessions.length === 0) return;
    const session = await randomSessions(
      () => this.starts.start(),
      profile,
      files,
      sessions,
      (index) => {
        if (this.starts.stopped()) return;
        this.position = index + 1;
        checkpoint?.();
      },
    );
    if (session === null || this.starts.stopped()) return;
    this.session = session;
    this.position = SPECIAL;
  }

  /** A fresh daemon for each probe; in a quick run only after one that it did not take well. */
  private async robustness(): Promise<void> {
    const { profile, level, shard, checkpoint } = this.options;
    let connection: FuseConnection | null = null;
    try {
      const all = [...probes(profile.opcodes.getFmap), ...daxdevProbes(profile, this.daxdevNames)];
      for (const [index, probe] of all.entries()) {
        const position = SPECIAL + index;
        if (!isOf(shard, index) || position < this.position) continue;
        if (connection === null) {
          connection = await this.starts.start();
          if (connection === null) return;
          const init = await connection.init(profile, { offerFmap: true });
          if (init.kind === "failed") return;
        }
        this.split.position = position;
        const unharmed = await sendProbe(connection, this.split, probe);
        if (this.starts.stopped()) return;
        this.position = position + 1;
        checkpoint?.();
        if (unharmed && level === "quick") continue;
        await connection.close({ destroy: false });
        connection = null;
      }
    } finally {
      await connection?.close({ destroy: false });
    }
  }
}
