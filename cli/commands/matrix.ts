import { UsageError } from "../../base/errors.ts";
import { renderMatrix, renderMatrixHtml, renderMatrixPage } from "../../reports/index.ts";
import { PROFILES, type Profile } from "../../spec/index.ts";
import { runDaemonSuite } from "../../suites/daemon/certification.ts";
import type { Matrix } from "../../suites/index.ts";
import { exitStatus } from "../../suites/run/verdict.ts";
import { boundaryMatrix, daemonMatrix, messageMatrix } from "../../suites/studies/matrix.ts";
import type { Command } from "../command.ts";
import { type Context, VERSION } from "../context.ts";
import { DAEMON_OPTIONS, daemonOf } from "../options/daemon-subject.ts";
import { documentTargets } from "../options/document-targets.ts";
import { expectedOf } from "../options/manifest-input.ts";
import { readMessage } from "../options/message-input.ts";
import {
  choice,
  daemonProfileOf,
  noDaemonFor,
  type Parsed,
  profiles,
  readOptions,
  seedOf,
  texts,
} from "../options/options.ts";
import { timeoutOf } from "../options/subject.ts";

const WRITERS = {
  json: (m: Matrix) => `${JSON.stringify(m, null, 2)}\n`,
  markdown: renderMatrixPage,
  html: renderMatrixHtml,
} as const;

export const matrix: Command = {
  help: `usage: fmapspec matrix [options] [HEX|FILE]...
       fmapspec matrix [options] -- CMD ARG... {mountpoint}

Holds each message against every profile and shows verdict and errno side by side; without a message,
one for each way in which the profiles differ over a table of boundaries. With a command it certifies
that daemon for every profile: which kernels will take it, and what is in the way of the others.
A star marks what differs.

  --profile NAME      only these kernel revisions; repeatable
  --report KIND=PATH  json (schema matrix), markdown or html; - is stdout; repeatable

a daemon
  --channel, --via, --user, --timeout, --expect, --level, --seed   as for fmapspec daemon

Exit status 1 when a profile's kernel refuses a message that was given, or the daemon does not conform for one; 4 when
nothing fails and the verdict for a profile is inconclusive, because the daemon serves no maps, for example.
`,
  async run(args, context) {
    const options = readOptions(args, {
      ...DAEMON_OPTIONS,
      profile: { type: "string", multiple: true },
      report: { type: "string", multiple: true },
      level: { type: "string" },
      seed: { type: "string" },
    });
    const chosen = texts(options, "profile").length === 0 ? PROFILES : profiles(options);
    const targets = documentTargets(options, WRITERS);
    const found = await matrixOf(options, chosen, context);
    targets.write(found, () => renderMatrix(found, context.paint), context);
    if (found.verdicts !== undefined) return exitStatus(found.verdicts);
    return options.positionals.length === 0 || found.rows.every((r) => r.cells.every((c) => c === "accept"))
      ? 0
      : 1;
  },
};

async function matrixOf(options: Parsed, chosen: readonly Profile[], { signal }: Context): Promise<Matrix> {
  const { positionals, command } = options;
  if (command === null) {
    if (positionals.length === 0) return boundaryMatrix(chosen, VERSION);
    const messages = positionals.map(async (name) => ({ name, bytes: await readMessage(name) }));
    return messageMatrix(chosen, await Promise.all(messages), VERSION);
  }
  if (positionals.length > 0) throw new UsageError("give either messages or a daemon's command, not both");
  const subject = daemonOf(options, command);
  const how = {
    level: choice(options, "level", ["quick", "full", "soak"]),
    seed: seedOf(options) ?? 1,
    timeout: timeoutOf(options),
    expect: await expectedOf(options),
    signal,
    version: VERSION,
  };
  const reports = [];
  // Named, it is an error; among all, it is left out.
  for (const name of texts(options, "profile")) if (name !== "all") daemonProfileOf(name);
  const asked = chosen.filter((p) => noDaemonFor(p) === null);
  for (const profile of asked) reports.push(await runDaemonSuite(subject, { ...how, profile }));
  return daemonMatrix(asked, reports, VERSION);
}
