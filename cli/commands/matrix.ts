import { UsageError } from "../../base/errors.ts";
import { renderMatrix, renderMatrixHtml, renderMatrixPage } from "../../reports/index.ts";
import { PROFILES } from "../../spec/index.ts";
import { runDaemonSuite } from "../../suites/daemon/certification.ts";
import type { Matrix } from "../../suites/index.ts";
import { exitStatus } from "../../suites/run/verdict.ts";
import { boundaryMatrix, daemonMatrix, messageMatrix } from "../../suites/studies/matrix.ts";
import { type Context, VERSION } from "../context.ts";
import { DAEMON_OPTIONS, DAEMON_PROGRAM, daemonOf } from "../options/daemon-subject.ts";
import { seed, withDefault } from "../options/kinds.ts";
import { EXPECT, expectedOf } from "../options/manifest-input.ts";
import { readMessage } from "../options/message-input.ts";
import { allProfiles, forDaemon, noDaemonFor } from "../options/profiles.ts";
import { reportOption, writeDocument } from "../options/reports.ts";
import { LEVEL } from "../options/run-options.ts";
import { command, type Parsed } from "../options/table.ts";

const WRITERS = {
  json: (m: Matrix) => `${JSON.stringify(m, null, 2)}\n`,
  markdown: renderMatrixPage,
  html: renderMatrixHtml,
} as const;

const OPTIONS = {
  options: { profile: allProfiles, report: reportOption(WRITERS) },
  "a daemon": {
    ...DAEMON_OPTIONS,
    expect: EXPECT,
    level: LEVEL,
    seed: withDefault(seed("of the random sessions"), 1),
  },
};

export const matrix = command({
  about: `Judges each message by every profile and displays verdict and errno side by side; without a message, one for
each way in which the profiles differ over a table of boundaries. With a command behind -- it certifies that
daemon for every profile: which kernels will accept it, and why the others will not. A star marks what differs.`,
  options: OPTIONS,
  operand: { takes: "HEX|FILE", noun: "message", count: "any number", offers: "paths" },
  program: DAEMON_PROGRAM,
  closing: `Exit status 1 when a profile's kernel refuses a message that was given, or the daemon does not conform for one; 4 when
nothing fails and the verdict for a profile is inconclusive, because the daemon serves no maps, for example.`,
  async run(options, context) {
    const found = await matrixOf(options, context);
    const { report } = options.values;
    writeDocument(report, WRITERS, found, () => renderMatrix(found, context.paint), context);
    if (found.verdicts !== undefined) return exitStatus(found.verdicts);
    return options.operands.length === 0 || found.rows.every((r) => r.cells.every((c) => c === "accept"))
      ? 0
      : 1;
  },
});

async function matrixOf(
  options: Parsed<(typeof OPTIONS)["options"] & (typeof OPTIONS)["a daemon"]>,
  { signal }: Context,
): Promise<Matrix> {
  const { values, operands, program } = options;
  const { profile: chosen, level, seed, timeout } = values;
  if (program === null) {
    if (operands.length === 0) return boundaryMatrix(chosen, VERSION);
    const messages = operands.map(async (name) => ({ name, bytes: await readMessage(name) }));
    return messageMatrix(chosen, await Promise.all(messages), VERSION);
  }
  if (operands.length > 0) throw new UsageError("give either messages or a daemon's command, not both");
  const subject = daemonOf(options, program);
  const expect = await expectedOf(options);
  const how = { level, seed, timeout, expect, signal, version: VERSION };
  // A profile without daemons is an error where it is named; of all profiles it is left out.
  if (chosen.length < PROFILES.length) chosen.forEach(forDaemon);
  const asked = chosen.filter((p) => noDaemonFor(p) === null);
  const reports = [];
  for (const profile of asked) reports.push(await runDaemonSuite(subject, { ...how, profile }));
  return daemonMatrix(asked, reports, VERSION);
}
