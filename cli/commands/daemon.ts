import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Result } from "../../reports/index.ts";
import { DEFAULT_PROFILE, type Profile } from "../../spec/index.ts";
import { MOUNTPOINT } from "../../subjects/daemon/daemon.ts";
import { SCOPES } from "../../suites/daemon/scope.ts";
import type { DaemonDescription } from "../../suites/index.ts";
import { exitStatus, type RunVerdict } from "../../suites/run/verdict.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import type { Command } from "../command.ts";
import { VERSION } from "../context.ts";
import { certifyDaemon } from "../daemon-run.ts";
import { DAEMON_OPTIONS, daemonOf } from "../options/daemon-subject.ts";
import { EXPECTATION_HELP, EXPECTATION_OPTIONS, expectationsOf } from "../options/expectations.ts";
import { EXTENT_OPTIONS, limitsOf, listed, shardOf } from "../options/extent-options.ts";
import { expectedOf, mutationOf } from "../options/manifest-input.ts";
import {
  choice,
  daemonProfiles,
  flag,
  freshSeed,
  readOptions,
  seedOf,
  text,
  texts,
} from "../options/options.ts";
import { REPORT_HELP, REPORT_OPTIONS, reportsOf } from "../options/reports.ts";
import { timeoutOf } from "../options/subject.ts";
import { progressLine } from "../progress.ts";
import { makeFolder } from "../store/files.ts";
import { lockFolder } from "../store/lock.ts";
import { DEFAULT_OUT, outOf } from "../store/output.ts";
import { interruptedIn } from "../store/resuming.ts";
import { Writing } from "../store/writing.ts";

const OPTIONS = {
  ...DAEMON_OPTIONS,
  ...REPORT_OPTIONS,
  ...EXPECTATION_OPTIONS,
  ...EXTENT_OPTIONS,
  profile: { type: "string", multiple: true },
  shard: { type: "string" },
  scope: { type: "string" },
  mutate: { type: "string" },
  "expect-after": { type: "string" },
  resume: { type: "boolean" },
  list: { type: "boolean" },
} as const;

export const daemon: Command = {
  help: `usage: fmapspec daemon [options] -- CMD ARG... {mountpoint}

Starts a FUSE daemon on a channel of our own, with no mount and no root. {mountpoint} becomes /dev/fd/N, or an
empty folder where the daemon insists on mounting; it is added at the end where the command has none. The suite
walks the daemon's tree, fetches every file's map as the kernel of the profile does, and judges. Without a command
it certifies its own reference daemon.

the daemon
  --channel KIND    auto (default), seqpacket or stream
  --via WAY         auto (default): direct, or fusermount where that does not work
                    direct: the mountpoint is /dev/fd/N, a device that is open already
                    fusermount: it is an empty folder, and a stand-in for fusermount3 hands over the channel
  --user NAME       run it as another user
  --timeout MS      how long to wait for an answer (default 5000)

the run
  --profile NAME    the kernel revision (default ${DEFAULT_PROFILE.name}); repeatable, or all
  --level LEVEL     quick (default), full or soak
  --seed N          of the random sessions; always printed
  --shard I/N       only the I-th of N parts of the random sessions and of the probes, and all that regards
                    the whole tree; fmapspec merge puts the parts together
  --max-time S      not longer than S seconds with a profile
  --filter GLOB     only requirements that match; repeatable
  --fail-fast       stop at the first failure
  --resume          go on with the run that was interrupted in --out
  --scope SCOPE     famfs (default): all that a daemon of famfs owes the kernel of the profile; or fuse: only what
                    every FUSE daemon owes any kernel (INIT, replies, the tree, its life), famfs not offered
  --expect FILE     a manifest: which files there should be, and where (fmapspec list --schema manifest)
  --mutate CMD      at the end, run CMD with /bin/sh while the daemon runs ($FMAPSPEC_DAEMON is its process id):
                    it changes what the daemon serves
  --expect-after FILE  a manifest: what is served then; goes with --mutate
${EXPECTATION_HELP}
  --list            list the requirements that would be checked, and stop

the results
  --out DIR         daemon-report.json, failures/ with each broken requirement and a random session that
                    failed, and, if nothing is in the way, certificate.json (default ${DEFAULT_OUT});
                    with several profiles, in a folder of each profile's name
${REPORT_HELP}
  -v, --verbose     an outcome for each requirement     --quiet   nothing but failures

what a daemon has to do
  answer INIT, and set FUSE_INIT_EXT and the profile's FUSE_DAX_FMAP bit if that was offered
  answer GET_FMAP of a regular file (body: u32 size, u32 padding):
      the map, if it fits in size bytes; else 4 bytes: the size that it takes, and then, asked again, the map
      a negative errno for whatever is no regular file
  answer GET_DAXDEV (nodeid: the index) with the path of the dax device
`,
  async run(args, context) {
    const options = readOptions(args, OPTIONS);
    if (options.positionals.length > 0)
      throw new UsageError(
        `'${options.positionals[0]}' is not an option; the daemon's command goes behind --`,
      );
    const asked = daemonProfiles(options);
    const filter = ruleGlobs(texts(options, "filter"));
    if (flag(options, "list")) {
      context.print(listed(asked, (r) => r.needs === "daemon" && filter(r.id)));
      return 0;
    }
    const reports = reportsOf(options);
    const target = text(options, "out") ?? DEFAULT_OUT;
    const expected = await expectationsOf(options);
    const subjectFor = (profile: Profile) =>
      options.command === null ? embedded(options, profile) : daemonOf(options, options.command);
    const folderOf = (profile: Profile) => outOf(target, asked, profile);
    const release = lockFolder(target);
    try {
      const resume = flag(options, "resume");
      const interrupted = await interruptedIn(resume, asked.map(folderOf), "daemon");
      const progress = progressLine(context, "checks", flag(options, "quiet"));
      const run = {
        level: choice(options, "level", ["quick", "full", "soak"]),
        seed: seedOf(options) ?? interrupted.values().next().value?.seed ?? freshSeed(),
        timeout: timeoutOf(options),
        expect: await expectedOf(options),
        ...(await mutationOf(options, asked.length)),
        failFast: flag(options, "fail-fast"),
        filters: texts(options, "filter"),
        ...limitsOf(options),
        scope: choice(options, "scope", SCOPES),
        ...shardOf(options),
        signal: context.signal,
        version: VERSION,
        progress: progress.show,
      };
      const writing = new Writing();
      const results: Result[] = [];
      const verdicts: RunVerdict[] = [];
      for (const profile of asked) {
        const out = folderOf(profile);
        makeFolder(out);
        const keeping = {
          out,
          expected,
          writing,
          resume,
          quiet: flag(options, "quiet"),
          verbose: flag(options, "verbose"),
          onStdout: reports.onStdout,
        };
        const running = { ...run, profile };
        const from = interrupted.get(out) ?? null;
        const certified = certifyDaemon(subjectFor(profile), running, from, keeping, context);
        const { result, report } = await progress.over(certified);
        results.push(result);
        verdicts.push(report.verdict);
        if (context.signal.aborted || (run.failFast && report.verdict === "not conforming")) break;
      }
      writing.attempt(() => reports.write(results, context));
      return writing.settle(context, reports.status(results, exitStatus(verdicts)));
    } finally {
      release();
    }
  },
};

const embedded = (options: Parameters<typeof daemonOf>[0], profile: Profile): DaemonDescription =>
  daemonOf(options, [
    process.execPath,
    join(PACKAGE_ROOT, "dist/cli/main.js"),
    "reference-daemon",
    ...(profile === DEFAULT_PROFILE ? [] : ["--profile", profile.name]),
    MOUNTPOINT,
  ]);
