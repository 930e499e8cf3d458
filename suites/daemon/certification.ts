import { digestOf } from "../../base/digest.ts";
import { versionsWith } from "../../base/versions.ts";
import type { Manifest, Profile } from "../../spec/index.ts";
import { Attachment } from "../../subjects/daemon/attach.ts";
import { Budget, type Limits } from "../run/budget.ts";
import type { RunProgress, Shard } from "../run/outcome.ts";
import { onlyWarns } from "../run/verdict.ts";
import { ruleGlobs } from "../stored/rule-globs.ts";
import type { Mutation } from "./checks/mutation.ts";
import { concludeDaemon } from "./conclusion.ts";
import type { DaemonDescription, DaemonFacts, DaemonReport, DaemonRunFacts, DaemonState } from "./outcome.ts";
import { DaemonRun } from "./run.ts";
import type { DaemonScope } from "./scope.ts";
import { storedSession } from "./session/stored-session.ts";
import { RunStopped } from "./starts/starts.ts";
import { daemonOutcomes, sumOf } from "./tally.ts";

export interface CertificationOptions extends Limits {
  readonly profile: Profile;
  readonly seed: number;
  /** Milliseconds in which an answer is due. */
  readonly timeout: number;
  readonly expect: Manifest | null;
  /** A change of what the daemon serves, made at the end. */
  readonly mutation?: Mutation;
  /** What the daemon is judged by; `famfs` if not given. */
  readonly scope?: DaemonScope;
  /** Globs of the rules that count; all, where there is none. */
  readonly filters?: readonly string[];
  /** Only this part of the random sessions and of the probes. */
  readonly shard?: Shard;
  /** Version of the suite. */
  readonly version: string;
  /** Where an interrupted run goes on. */
  readonly from?: DaemonState;
  /** Hears now and then that there is something to keep; `urgent`: the end. */
  readonly checkpoint?: (state: () => DaemonState, urgent: boolean) => void;
  /** Told now and then how far the run has come. */
  readonly progress?: (progress: RunProgress) => void;
}

/** Milliseconds between two times that progress is told. */
const TELL_EVERY = 100;

/** All starts of a daemon, each with an answer due after `timeout` milliseconds. */
export const attachmentOf = (
  { command, channel, via, user }: DaemonDescription,
  timeout: number,
): Attachment => new Attachment(command, { channel, via, timeout, ...(user === undefined ? {} : { user }) });

/** Runs the whole suite over a daemon and reports. Throws SubjectError when it cannot be started. */
export async function runDaemonSuite(
  subject: DaemonDescription,
  options: CertificationOptions,
): Promise<DaemonReport> {
  const { profile, from, checkpoint, filters = [] } = options;
  // Without --max-time a soak, too, ends with its last session.
  const { maxTime = Number.POSITIVE_INFINITY } = options;
  const budget = new Budget({ ...options, maxTime }, from?.seconds);
  const own = new AbortController();
  const stop = (why: string) => own.abort(new RunStopped(why));
  const noDeadline = budget.atDeadline(() => stop(`the ${maxTime} s of --max-time were over`));
  const attachment = attachmentOf(subject, options.timeout);
  const attached = (): DaemonDescription => ({ ...subject, via: attachment.via });
  const stateNow = (run: DaemonRun) => stateOf(run, attached(), options, budget.seconds());
  const run: DaemonRun = new DaemonRun({
    ...options,
    signal: AbortSignal.any([options.signal, own.signal]),
    filter: ruleGlobs(filters),
    onFailure: (rule) => {
      if (options.failFast && !onlyWarns(rule)) stop("it was to stop at the first failure");
    },
    connect: () => attachment.connect(),
    checkpoint: () => checkpoint?.(() => stateNow(run), false),
  });
  const telling = setInterval(() => options.progress?.(sofar(run, options)), TELL_EVERY);
  try {
    await run.go();
  } finally {
    clearInterval(telling);
    noDeadline();
  }
  // A signal may have come while the daemon was started, where nobody looks at it any more.
  run.starts.stopped();
  checkpoint?.(() => stateNow(run), true);
  const state = stateNow(run);
  const report = concludeDaemon(profile, daemonFacts(attached(), options), state);
  return report.run.shard === null ? report : { ...report, state };
}

/** What a report says of the run before anything was asked. */
export const daemonFacts = (subject: DaemonDescription, options: CertificationOptions): DaemonFacts => ({
  fmapspec: options.version,
  level: options.level,
  seed: options.seed,
  run: runFacts(options),
  subject,
});

function stateOf(
  run: DaemonRun,
  subject: DaemonDescription,
  { profile, seed, from, version }: CertificationOptions,
  seconds: number,
): DaemonState {
  const { session, found } = run;
  const stored = session && {
    index: session.index,
    stored: storedSession(session, profile, seed, subject, versionsWith(version)),
  };
  return {
    position: run.position,
    seconds,
    complete: run.starts.complete,
    famfs: run.famfs,
    unchecked: run.starts.unchecked,
    channel: run.starts.channel,
    tree: {
      nodes: found.nodes.length,
      files: found.files.length,
      mapped: found.served.length,
    },
    notes: run.starts.notes,
    shared: run.ledger.tally(),
    split: run.split.tally(),
    sessions: run.sessions.count,
    session: stored ?? from?.session ?? null,
  };
}

/** What determined a run, as its report says. */
const runFacts = ({
  mutation,
  timeout,
  expect,
  scope,
  shard,
  filters,
  failFast,
}: CertificationOptions): DaemonRunFacts => ({
  timeout,
  filter: filters ?? [],
  failFast: failFast ?? false,
  scope: scope ?? "famfs",
  expect: expect === null ? null : digestOf(expect),
  ...(mutation === undefined ? {} : { mutation: digestOf(mutation) }),
  shard: shard ?? null,
});

/** How many requests the daemon's own answers will lead to is not known beforehand, and so is not the end. */
function sofar(run: DaemonRun, options: CertificationOptions): RunProgress {
  const tally = sumOf([run.ledger.tally(), run.split.tally()]);
  const outcomes = daemonOutcomes(options.profile, tally, runFacts(options));
  return {
    done: outcomes.reduce((n, r) => n + r.messages, 0),
    failures: outcomes.filter((r) => r.outcome === "failed").length,
    part: null,
  };
}
