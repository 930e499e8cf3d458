import { type Manifest, type Profile, type RuleId, robustnessRules } from "../../spec/index.ts";
import type { FuseConnection } from "../../subjects/daemon/channel/connection.ts";
import { SPECIAL } from "../parser/asking/recipes.ts";
import type { Level, Shard } from "../run/outcome.ts";
import { isOf } from "../run/shard.ts";
import type { Mutation } from "./checks/mutation.ts";
import { daxdevProbes, probes, sendProbe } from "./checks/robustness.ts";
import { DaemonLedger } from "./ledger.ts";
import type { DaemonState } from "./outcome.ts";
import { type DaemonScope, FAMFS } from "./scope.ts";
import type { FailedSession } from "./session/session.ts";
import { type Connect, Starts } from "./starts/starts.ts";
import { Found } from "./steps/found.ts";
import { hostileSteps } from "./steps/hostile.ts";
import { MUTATED, mutationStep } from "./steps/mutation.ts";
import { lifeSteps, mapSteps, treeSteps } from "./steps/ordinary.ts";
import { misplacedBitSteps, restartedStep, strangerSteps } from "./steps/other-starts.ts";
import { Sessions } from "./steps/sessions.ts";
import type { Step } from "./steps/step.ts";
import { StepsRunner } from "./steps/steps-runner.ts";

export interface DaemonRunOptions {
  readonly profile: Profile;
  readonly level: Level;
  readonly seed: number;
  readonly expect: Manifest | null;
  /** A change of what the daemon serves, made at the end. */
  readonly mutation?: Mutation;
  /** What the daemon is judged by; `famfs` if not given. */
  readonly scope?: DaemonScope;
  /** Fires when the run is to stop; with a RunStopped, which says why, where it stops itself. */
  readonly signal: AbortSignal;
  readonly connect: Connect;
  /** Only this part of the random sessions and of the probes. */
  readonly shard?: Shard;
  /** Rules that count; all, where it is missing. */
  readonly filter?: (rule: RuleId) => boolean;
  /** Hears of each rule that fails. */
  readonly onFailure?: (rule: RuleId) => void;
  /** Where an interrupted run goes on, once it has done again what regards the whole tree. */
  readonly from?: Pick<DaemonState, "position" | "split" | "session" | "sessions">;
  /** Hears that there is something to keep. */
  readonly checkpoint?: () => void;
}

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

/** Rules of what only a daemon with a map is asked. */
const WITH_A_MAP = [
  "daemon/fmap/",
  "daemon/daxdev/",
  "daemon/init/fmap-only",
  "daemon/init/newer",
  "robustness/fmap",
];

/** Rules of what --expect says. */
const EXPECTED = ["daemon/intent/extents", "daemon/intent/file-type"] as const;

/** Rules that the probes check. */
const PROBED = [...Object.keys(robustnessRules), "daemon/daxdev/unknown-index"];

const NOT_OFFERED = "the daemon does not offer FUSE_DAX_FMAP";

/** Probes after which a daemon may answer nothing more, before no more are sent; each costs the time that an answer has. */
const HANGS_OF_PROBES = 3;

/** One run over a daemon: every requirement, on as many starts of it as that needs. */
export class DaemonRun {
  readonly ledger: DaemonLedger;
  /** What the probes have shown, which shards share out among them. */
  readonly split: DaemonLedger;
  /** Of the next random session, or behind SPECIAL of the next probe. */
  position: number;
  readonly starts: Starts;
  readonly found = new Found();
  readonly sessions: Sessions;
  private readonly steps: StepsRunner;
  private readonly options: DaemonRunOptions;

  constructor(options: DaemonRunOptions) {
    this.options = options;
    const { from, filter, onFailure } = options;
    this.ledger = new DaemonLedger(filter, onFailure);
    this.split = new DaemonLedger(filter, onFailure);
    this.position = from?.position ?? 0;
    if (from !== undefined) this.split.takeUp(from.split);
    const ledgers = [this.ledger, this.split] as const;
    this.starts = new Starts(options.connect, ledgers, options.profile, options.signal);
    this.steps = new StepsRunner(this.starts, this.found, options.scope === "fuse" ? "no-famfs" : "famfs");
    this.sessions = new Sessions(this.starts, this.found, options, from?.sessions);
  }

  /** Whether FUSE_DAX_FMAP was agreed. */
  get famfs(): "agreed" | "declined" | "unknown" {
    const { negotiated } = this.steps;
    if (negotiated === null || this.options.scope === "fuse") return "unknown";
    return negotiated.fmap ? "agreed" : "declined";
  }

  /** The session that failed, if one did. */
  get session(): (FailedSession & { readonly index: number }) | null {
    return this.sessions.failed;
  }

  async go(): Promise<void> {
    const { ledger, found, starts } = this;
    const { profile, expect } = this.options;
    await this.all(treeSteps(found, starts));
    const { famfs } = this;
    if (famfs === "agreed") {
      await this.all(mapSteps(found, starts, expect));
      this.excuseOfMaps();
    }
    if (famfs === "declined") this.excuseWithoutFmap();
    await this.all(lifeSteps(found, starts));
    await this.end();
    if (famfs === "agreed") {
      await this.all([restartedStep(found)]);
      await this.randomSessions();
      await this.all(strangerSteps(profile, found));
      await this.all(hostileSteps(found));
      const how = await this.steps.finish();
      if (how !== undefined) ledger.check("daemon/life/destroy", how);
    }
    if (famfs === "declined") await this.all(misplacedBitSteps(profile, this.steps.negotiated));
    await this.robustness();
    if (famfs === "agreed") await this.mutated();
    if (this.steps.negotiated !== null) this.afterAll();
    starts.complete = starts.over === null;
  }

  /** Last of all: each later start would serve the second manifest, too. */
  private async mutated(): Promise<void> {
    const { expect, mutation } = this.options;
    if (mutation === undefined)
      for (const rule of MUTATED) this.ledger.excuse(rule, "no --mutate CMD was given");
    else await this.all([mutationStep(this.found, this.starts, mutation, expect)]);
  }

  /** What every request checks, so that it passes where none has failed. */
  private afterAll(): void {
    const { ledger, starts } = this;
    for (const rule of REPLY_RULES) ledger.check(rule, null);
    if (starts.channel === "packet") ledger.check("daemon/reply/one-write", null);
    else ledger.excuse("daemon/reply/one-write", "a stream does not show where one write ends");
    ledger.check("daemon/life/stays", null);
  }

  /** Does the steps that check what is asked for, and those that they need. */
  private async all(steps: readonly Step[]): Promise<void> {
    for (const step of steps) if (this.isWanted(step)) await this.steps.perform(step);
  }

  private isWanted({ basic, checks }: Step): boolean {
    return basic === true || this.ledger.wants(checks);
  }

  /** How the daemon ends that has lived an ordinary life. */
  private async end(): Promise<void> {
    const how = await this.steps.finish();
    if (how !== undefined) this.ledger.check("daemon/life/destroy", how);
    else this.ledger.miss(["daemon/life/destroy"], "no start of the daemon lived so long");
  }

  private excuseOfMaps(): void {
    const { ledger, found } = this;
    const { expect } = this.options;
    ledger.excuse("daemon/fmap/inside-device", "no --expect MANIFEST that tells the size of a daxdev");
    if (found.served.length === 0 && this.starts.over === null) {
      const why =
        found.files.length === 0 ? "the tree has no regular file" : "no file has a map that the kernel takes";
      for (const prefix of WITH_A_MAP) ledger.excuseAll(prefix, why);
    }
    if (found.daxdevs.size === 0)
      ledger.excuse("daemon/daxdev/unknown-index", "GET_DAXDEV has named no device");
    const unheld = expect === null ? "no --expect MANIFEST was given" : "the manifest has no file";
    if (expect === null || expect.files.length === 0)
      for (const rule of EXPECTED) ledger.excuse(rule, unheld);
  }

  private excuseWithoutFmap(): void {
    for (const prefix of FAMFS) this.ledger.excuseAll(prefix, NOT_OFFERED);
    this.starts.note(`not applicable: ${NOT_OFFERED}`);
  }

  private async randomSessions(): Promise<void> {
    const { from, checkpoint } = this.options;
    if (from?.session) return;
    await this.sessions.play(this.position, (index) => {
      this.position = index + 1;
      checkpoint?.();
    });
    if (this.session === null) return;
    this.position = SPECIAL;
    this.options.onFailure?.(this.session.rule);
  }

  /** A fresh daemon for each probe; in a quick run only after one that it did not take well. */
  private async robustness(): Promise<void> {
    const { profile, level, shard, checkpoint } = this.options;
    if (this.steps.negotiated === null || !this.ledger.wants(PROBED)) return;
    let connection: FuseConnection | null = null;
    let hangs = 0;
    try {
      const all = [...probes(profile.opcodes.getFmap), ...daxdevProbes(profile, this.found.daxdevs)];
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
        const outcome = await sendProbe(connection, this.split, probe);
        if (this.starts.stopped()) return;
        this.position = position + 1;
        checkpoint?.();
        if (outcome === "well" && level === "quick") continue;
        await this.starts.close(connection, outcome === "hangs" ? { patience: 0 } : {});
        connection = null;
        if (outcome === "hangs" && ++hangs === HANGS_OF_PROBES) {
          this.starts.note(`no more than ${index + 1} probes: the daemon hung after ${hangs} of them`);
          return;
        }
      }
    } finally {
      if (connection !== null) await this.starts.close(connection);
    }
  }
}
