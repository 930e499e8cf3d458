import { UsageError } from "../../base/errors.ts";
import { renderFindings, renderFindingsPage } from "../../reports/index.ts";
import { DEFAULT_PROFILE, type Profile } from "../../spec/index.ts";
import type { ParserSubject } from "../../subjects/driver/subject.ts";
import type { Divergence, FindingsReport } from "../../suites/index.ts";
import { confirm } from "../../suites/studies/findings/confirm.ts";
import { findings as search } from "../../suites/studies/findings/findings.ts";
import type { Command } from "../command.ts";
import { VERSION } from "../context.ts";
import { documentTargets } from "../options/document-targets.ts";
import { profiles, readOptions, seedOf, text, whole } from "../options/options.ts";
import { subjectOf } from "../options/subject.ts";

/** Messages for each profile: the fixed table, and twice as many random ones. */
const RUNS = 60_000;

const WRITERS = {
  json: (r: FindingsReport) => `${JSON.stringify(r, null, 2)}\n`,
  markdown: renderFindingsPage,
} as const;

export const findings: Command = {
  help: `usage: fmapspec findings [--profile NAME]... [--seed N] [--runs N] [--report KIND=PATH]...

Generates messages, holds what the profile's kernel does with each against a careful parser, and
tells each kind of divergence once: the smallest message that shows it, what happens with it step by
step, what that means for a user, and which kernel revisions do so. The same seed finds the same.

  --profile NAME      the kernel revision (default ${DEFAULT_PROFILE.name}); repeatable, or all
  --seed N            of the random messages (default 1)
  --runs N            messages for each profile (default ${RUNS})
  --kernel-source PATH, --cc CC   also ask the C in PATH each of them, under sanitizers (one profile)
  --report KIND=PATH  json (schema findings) or markdown; - is stdout; repeatable
`,
  async run(args, { print, paint, signal }) {
    const options = readOptions(args, {
      profile: { type: "string", multiple: true },
      seed: { type: "string" },
      runs: { type: "string" },
      report: { type: "string", multiple: true },
      "kernel-source": { type: "string" },
      cc: { type: "string" },
    });
    const [stray] = options.positionals;
    if (stray !== undefined) throw new UsageError(`findings takes no argument '${stray}'`);
    const targets = documentTargets(options, WRITERS);
    const chosen = profiles(options);
    const source = text(options, "kernel-source");
    if (source !== undefined && chosen.length !== 1)
      throw new UsageError("--kernel-source is of one revision: give its --profile");
    const asksSource = source !== undefined || text(options, "cc") !== undefined;
    const subject = asksSource ? await subjectOf(options, chosen[0] as Profile) : null;
    const searched = await search(chosen, {
      seed: seedOf(options) ?? 1,
      runs: whole(options, "runs", 1) ?? RUNS,
      signal,
      version: VERSION,
    });
    const { divergences, contradicted } =
      subject === null
        ? { ...searched, contradicted: 0 }
        : await asked(searched.divergences, chosen[0] as Profile, subject);
    const report = { ...searched, divergences };
    targets.write(report, () => renderFindings(report, paint), { print });
    if (contradicted > 0)
      print(`${paint("red", "NOT CONFIRMED")}: the source contradicts ${contradicted} of them\n`);
    return contradicted === 0 ? 0 : 1;
  },
};

async function asked(divergences: readonly Divergence[], profile: Profile, subject: ParserSubject) {
  try {
    await subject.start();
    return await confirm(divergences, profile, subject);
  } finally {
    await subject.stop();
  }
}
