import type { Manifest, Profile } from "../../spec/index.ts";
import { digestOf } from "../digest.ts";
import { FuseConnection } from "../fuse/connection.ts";
import type { Level, RunProgress, Shard } from "../outcome.ts";
import { versionsWith } from "../versions.ts";
import type { DaemonDescription, DaemonReport, DaemonRunFacts } from "./outcome.ts";
import { DaemonRun } from "./run.ts";
import { storedSession } from "./stored-session.ts";

export interface CertificationOptions {
  readonly profile: Profile;
  readonly level: Level;
  readonly seed: number;
  /** Milliseconds in which an answer is due. */
  readonly timeout: number;
  readonly expect: Manifest | null;
  /** Only this part of the random sessions and of the probes. */
  readonly shard?: Shard;
  readonly signal: AbortSignal;
  /** Version of the suite. */
  readonly version: string;
  /** Told now and then how far the run has come. */
  readonly progress?: (progress: RunProgress) => void;
}

/** Milliseconds between two times that progress is told. */
const TELL_EVERY = 100;

/** Starts the daemon; an answer is due after `timeout` milliseconds. Throws SubjectError when it cannot be started. */
export function connectTo(
  { command, channel, via, user }: DaemonDescription,
  timeout: number,
): Promise<FuseConnection> {
  return FuseConnection.start(command, { channel, via, timeout, ...(user === undefined ? {} : { user }) });
}

/** Runs the whole suite over a daemon and reports. Throws SubjectError when it cannot be started. */
export async function runDaemonSuite(
  subject: DaemonDescription,
  options: CertificationOptions,
): Promise<DaemonReport> {
  const { profile, level, seed } = options;
  const run = new DaemonRun({ ...options, connect: () => connectTo(subject, options.timeout) });
  const began = performance.now();
  const telling = setInterval(() => options.progress?.(sofar(run, profile)), TELL_EVERY);
  try {
    await run.go();
  } finally {
    clearInterval(telling);
  }
  const rules = run.ledger.outcomes(profile);
  const failed = rules.some((r) => r.outcome === "failed" && !r.rule.startsWith("robustness/"));
  return {
    format: "fmapspec-daemon-report",
    version: 1,
    fmapspec: options.version,
    profile: profile.name,
    level,
    seed,
    run: runFacts(options),
    subject,
    channel: run.starts.channel,
    complete: run.starts.complete,
    passed: !failed,
    seconds: (performance.now() - began) / 1000,
    tree: {
      nodes: run.nodes.length,
      files: run.nodes.filter((n) => n.kind === "file").length,
      mapped: run.served.length,
    },
    rules,
    failures: run.ledger.failures,
    ...(run.session === null
      ? {}
      : { session: storedSession(run.session, profile, seed, subject, versionsWith(options.version)) }),
    notes: run.starts.notes,
  };
}

/** What determined a run, as its report says. */
export const runFacts = ({ timeout, expect, shard }: CertificationOptions): DaemonRunFacts => ({
  timeout,
  expect: expect === null ? null : digestOf(expect),
  shard: shard ?? null,
});

/** How many requests the daemon's own answers will lead to is not known beforehand, and so is not the end. */
function sofar(run: DaemonRun, profile: Profile): RunProgress {
  const outcomes = run.ledger.outcomes(profile);
  return {
    done: outcomes.reduce((n, r) => n + r.messages, 0),
    failures: outcomes.filter((r) => r.outcome === "failed").length,
    part: null,
  };
}
