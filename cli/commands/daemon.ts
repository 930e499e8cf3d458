import { join } from "node:path";
import { freshSeed } from "../../base/fresh-seed.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { present } from "../../base/present.ts";
import type { Result } from "../../reports/index.ts";
import { DEFAULT_PROFILE, type Profile } from "../../spec/index.ts";
import { MOUNTPOINT } from "../../subjects/daemon/daemon.ts";
import { SCOPES } from "../../suites/daemon/scope.ts";
import { exitStatus, type RunVerdict } from "../../suites/run/verdict.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import { VERSION } from "../context.ts";
import { certifyDaemon } from "../daemon-run.ts";
import { DAEMON_OPTIONS, DAEMON_PROGRAM, daemonOf } from "../options/daemon-subject.ts";
import { EXPECTATION_OPTIONS, expectationsOf } from "../options/expectations.ts";
import { flag, oneOf } from "../options/kinds.ts";
import { EXPECT, expectedOf, MUTATION_OPTIONS, mutationOf } from "../options/manifest-input.ts";
import { daemonProfiles } from "../options/profiles.ts";
import { REPORT_OPTIONS, REPORT_STATUS, reportsOf } from "../options/reports.ts";
import { EXTENT_OPTIONS, listed, OUT, RESUME, SHARD } from "../options/run-options.ts";
import { command } from "../options/table.ts";
import { progressLine } from "../progress.ts";
import { makeFolder } from "../store/files.ts";
import { lockFolder } from "../store/lock.ts";
import { outOf } from "../store/output.ts";
import { interruptedIn } from "../store/resuming.ts";
import { Writing } from "../store/writing.ts";

export const daemon = command({
  about: `Starts a FUSE daemon on a channel of our own, with no mount and no root. {mountpoint} becomes /dev/fd/N, or an
empty folder where the daemon insists on mounting; it is added at the end where the command has none. The suite
walks the daemon's tree, fetches every file's map as the kernel of the profile does, and judges. Without a command
it certifies its own reference daemon.`,
  options: {
    "the daemon": DAEMON_OPTIONS,
    "the run": {
      profile: daemonProfiles,
      ...EXTENT_OPTIONS,
      shard: SHARD,
      resume: RESUME,
      scope: {
        ...oneOf("SCOPE", "", SCOPES),
        about:
          "famfs (default): all that a daemon of famfs owes the kernel of the profile; or fuse: only what every FUSE daemon owes any kernel (INIT, replies, the tree, its life), famfs not offered",
      },
      expect: EXPECT,
      ...MUTATION_OPTIONS,
      ...EXPECTATION_OPTIONS,
      list: flag("list the requirements that would be checked, and stop"),
    },
    "the results": { out: OUT, ...REPORT_OPTIONS },
  },
  program: DAEMON_PROGRAM,
  closing: `what a daemon has to do
  answer INIT, and set FUSE_INIT_EXT and the profile's FUSE_DAX_FMAP bit if that was offered
  answer GET_FMAP of a regular file (body: u32 size, u32 padding):
      the map, if it fits in size bytes; else 4 bytes: the size that it takes, and then, asked again, the map
      a negative errno for whatever is no regular file
  answer GET_DAXDEV (nodeid: the index) with the path of the dax device

${REPORT_STATUS} A conforming daemon has a certificate.json.`,
  async run(options, context) {
    const { values } = options;
    const { profile: asked, level, scope, resume, quiet, verbose, out: target } = values;
    const filter = ruleGlobs(values.filter);
    if (values.list) {
      context.print(listed(asked, (r) => r.needs === "daemon" && filter(r.id)));
      return 0;
    }
    const reports = reportsOf(options);
    const expected = await expectationsOf(options);
    const subjectFor = (profile: Profile) => daemonOf(options, options.program ?? ownDaemon(profile));
    const folderOf = (profile: Profile) => outOf(target, asked, profile);
    const release = lockFolder(target);
    try {
      const interrupted = await interruptedIn(resume, asked.map(folderOf), "daemon");
      const progress = progressLine(context, "checks", quiet);
      const run = {
        level,
        seed: values.seed ?? interrupted.values().next().value?.seed ?? freshSeed(),
        timeout: values.timeout,
        expect: await expectedOf(options),
        ...(await mutationOf(options, asked.length)),
        failFast: values["fail-fast"],
        filters: values.filter,
        scope,
        ...present({ maxTime: values["max-time"], shard: values.shard }),
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
        const keeping = { out, expected, writing, resume, quiet, verbose, onStdout: reports.onStdout };
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
});

const ownDaemon = (profile: Profile): string[] => [
  process.execPath,
  join(PACKAGE_ROOT, "dist/cli/main.js"),
  "reference-daemon",
  ...(profile === DEFAULT_PROFILE ? [] : ["--profile", profile.name]),
  MOUNTPOINT,
];
