import { checkedManifest } from "../base/checked-manifest.ts";
import { sealed } from "../base/digest.ts";
import { UsageError } from "../base/errors.ts";
import { freshSeed } from "../base/fresh-seed.ts";
import { VERSION } from "../base/package-root.ts";
import { present } from "../base/present.ts";
import { DEFAULT_PROFILE, type ManifestJson, type Profile, whyOpen } from "../spec/index.ts";
import { withMountpoint } from "../subjects/daemon/daemon.ts";
import { DEFAULT_TIMEOUT } from "../subjects/driver/described.ts";
import { runDaemonSuite } from "../suites/daemon/certification.ts";
import type { Mutation } from "../suites/daemon/checks/mutation.ts";
import type { DaemonScope } from "../suites/daemon/scope.ts";
import type { DaemonDescription, DaemonReport, Level, RunProgress } from "../suites/index.ts";

/** How a daemon is tested; everything has the default that the command has. */
export interface DaemonSuiteOptions {
  /** The kernel revision that asks; rfc-v2 if not given. */
  readonly profile?: Profile;
  /** How much: `quick`, the default, `full`, or `soak`. */
  readonly level?: Level;
  /** Of the random sessions; a fresh one if not given. The report tells it. */
  readonly seed?: number;
  /** Which files there should be and where: schema `manifest`. */
  readonly expect?: ManifestJson;
  /** By what it is judged: `famfs`, the default, or `fuse`, only what every FUSE daemon owes the kernel. */
  readonly scope?: DaemonScope;
  /** A command for /bin/sh that changes at the end what the daemon serves. */
  readonly mutate?: string;
  /** Which files there should be then: goes with `mutate`. */
  readonly expectAfter?: ManifestJson;
  /** Milliseconds in which an answer is due; 5000 if not given. */
  readonly timeout?: number;
  /** Globs of the requirements that are checked; all, if not given. */
  readonly filter?: readonly string[];
  /** Whether the run stops at the first failure. */
  readonly failFast?: boolean;
  /** Seconds after which nothing more is asked. */
  readonly maxTime?: number;
  /** Ends the run when it fires; the report then holds what was established. */
  readonly signal?: AbortSignal;
  /** Told now and then how far the run has come. */
  readonly progress?: (progress: RunProgress) => void;
}

/**
 * Runs the daemon suite: starts the command on a channel that it takes for /dev/fuse and plays the kernel. `{mountpoint}`
 * stands where the command takes its mountpoint, and is its last word where it is left out. Throws SubjectError when the
 * daemon cannot be started, and UsageError for a manifest that is none.
 */
export async function daemonSuite(
  daemon: readonly string[] | DaemonDescription,
  options: DaemonSuiteOptions = {},
): Promise<DaemonReport> {
  const { profile = DEFAULT_PROFILE, progress } = options;
  if ("initBit" in profile.open)
    throw new UsageError(`no daemon can be asked as ${profile.name}: ${whyOpen(profile, "initBit")}`);
  const described: DaemonDescription =
    "command" in daemon ? daemon : { command: daemon, channel: "auto", via: "auto" };
  const command = withMountpoint(described.command);
  const report = await runDaemonSuite(
    { ...described, command },
    {
      profile,
      level: options.level ?? "quick",
      seed: options.seed ?? freshSeed(),
      timeout: options.timeout ?? DEFAULT_TIMEOUT,
      scope: options.scope ?? "famfs",
      expect: options.expect === undefined ? null : checkedManifest(options.expect, "what is expected"),
      ...mutationOf(options),
      signal: options.signal ?? new AbortController().signal,
      version: VERSION,
      filters: options.filter ?? [],
      failFast: options.failFast ?? false,
      ...present({ maxTime: options.maxTime, progress }),
    },
  );
  return sealed(report);
}

/** Throws UsageError where only one of both is given. */
function mutationOf({ mutate, expectAfter }: DaemonSuiteOptions): { readonly mutation?: Mutation } {
  if (mutate === undefined && expectAfter === undefined) return {};
  if (mutate === undefined || expectAfter === undefined)
    throw new UsageError("mutate and expectAfter go together");
  return { mutation: { command: mutate, after: checkedManifest(expectAfter, "what is expected after") } };
}
