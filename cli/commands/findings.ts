import { UsageError } from "../../base/errors.ts";
import { present } from "../../base/present.ts";
import { renderFindings, renderFindingsPage } from "../../reports/index.ts";
import type { Profile } from "../../spec/index.ts";
import { DEFAULT_TIMEOUT, subjectFor } from "../../subjects/driver/described.ts";
import type { ParserSubject } from "../../subjects/driver/subject.ts";
import type { Divergence, FindingsReport } from "../../suites/index.ts";
import { confirm } from "../../suites/studies/findings/confirm.ts";
import { findings as search } from "../../suites/studies/findings/findings.ts";
import { VERSION } from "../context.ts";
import { file, seed, whole, withDefault } from "../options/kinds.ts";
import { severalProfiles } from "../options/profiles.ts";
import { reportOption, writeDocument } from "../options/reports.ts";
import { CC } from "../options/subject.ts";
import { command } from "../options/table.ts";

/** Messages for each profile: the fixed table, and twice as many random ones. */
const RUNS = 60_000;

const WRITERS = {
  json: (r: FindingsReport) => `${JSON.stringify(r, null, 2)}\n`,
  markdown: renderFindingsPage,
} as const;

export const findings = command({
  about: `Generates messages, compares what the profile's kernel does with each against a careful parser, and reports
each kind of divergence once: the smallest message that shows it, what happens with it step by step, what
that means for a user, and which kernel revisions do so. The same seed finds the same.`,
  options: {
    options: {
      profile: severalProfiles,
      seed: withDefault(seed("of the random messages"), 1),
      runs: withDefault(whole("messages for each profile", { min: 1 }), RUNS),
      "kernel-source": file("also ask the C in PATH each of them, under sanitizers (one profile)", "PATH"),
      cc: CC,
      report: reportOption(WRITERS),
    },
  },
  async run({ values }, context) {
    const { profile: chosen, seed, runs, "kernel-source": path, cc, report: targets } = values;
    const { print, paint, signal } = context;
    if (path !== undefined && chosen.length !== 1)
      throw new UsageError("--kernel-source is of one revision: give its --profile");
    if (path === undefined && cc !== undefined) throw new UsageError("--cc goes with --kernel-source");
    const subject =
      path === undefined
        ? null
        : await subjectFor(
            { kind: "kernel-source", path, ...present({ cc }) },
            chosen[0] as Profile,
            DEFAULT_TIMEOUT,
          );
    const searched = await search(chosen, { seed, runs, signal, version: VERSION });
    const { divergences, contradicted } =
      subject === null
        ? { ...searched, contradicted: 0 }
        : await asked(searched.divergences, chosen[0] as Profile, subject);
    const report = { ...searched, divergences };
    writeDocument(targets, WRITERS, report, () => renderFindings(report, paint), context);
    if (contradicted > 0)
      print(`${paint("red", "NOT CONFIRMED")}: the source contradicts ${contradicted} of them\n`);
    return contradicted === 0 ? 0 : 1;
  },
});

async function asked(divergences: readonly Divergence[], profile: Profile, subject: ParserSubject) {
  try {
    await subject.start();
    return await confirm(divergences, profile, subject);
  } finally {
    await subject.stop();
  }
}
