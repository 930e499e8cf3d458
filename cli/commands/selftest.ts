import { availableParallelism } from "node:os";
import picomatch from "picomatch";
import { UsageError } from "../../base/errors.ts";
import { renderSelftest, renderSelftestPage } from "../../reports/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { KINDS, type Kind, type Mutant, type SelftestReport } from "../../suites/index.ts";
import { nameOf } from "../../suites/studies/selftest/conclusion.ts";
import { allMutants, selftest as judge } from "../../suites/studies/selftest/selftest.ts";
import type { Command } from "../command.ts";
import { documentTargets } from "../options/document-targets.ts";
import { flag, readOptions, seedOf, whole } from "../options/options.ts";

const WRITERS = {
  json: (r: SelftestReport) => `${JSON.stringify(r, null, 2)}\n`,
  markdown: renderSelftestPage,
} as const;

export const selftest: Command = {
  help: `usage: fmapspec selftest [--seed N] [--jobs N] [-v] [--report KIND=PATH]... [KIND | GLOB]...

The suite judged by mutants, subjects that are wrong in a known way, of three kinds:
  parser     the C driver with a line changed (drivers/c/mutants); needs a C compiler
  daemon     the reference daemon with one of its faults
  revision   each revision's parser where another one is expected
A mutant that can be told from the original has to be caught, a daemon by the requirement that it
breaks and by no other. One that cannot has to pass, and a parser to answer all small worlds as the
original does. Every rule of messages and of daemons has to have a mutant that breaks nothing else.
With kinds or globs, only such mutants are tried (077-*, parser/0*, revision/*-as-v10).

  --seed N     of the random messages (default 1)
  --jobs N     so many mutants at once (default: the number of processors)
  -v           a line for each mutant
  --report KIND=PATH   json (schema selftest) or markdown (docs/selftest.md); - is stdout; repeatable
`,
  async run(args, { print, paint, signal }) {
    const options = readOptions(args, {
      seed: { type: "string" },
      jobs: { type: "string" },
      verbose: { type: "boolean", short: "v" },
      report: { type: "string", multiple: true },
    });
    if (options.command !== null)
      throw new UsageError("selftest brings its own subjects: nothing goes behind --");
    const targets = documentTargets(options, WRITERS);
    const all = await allMutants();
    const chosen = among(
      all,
      options.positionals.filter((glob) => glob !== ""),
    );
    const report = await judge(DEFAULT_PROFILE, chosen, {
      seed: seedOf(options) ?? 1,
      jobs: whole(options, "jobs", 1, 64) ?? availableParallelism(),
      whole: KINDS.filter((kind) => isWhole(kind, all, chosen)),
      signal,
    });
    targets.write(report, () => renderSelftest(report, flag(options, "verbose"), paint), { print });
    return report.passed ? 0 : 1;
  },
};

/** Whether all mutants of the kind are among the chosen ones. */
function isWhole(kind: Kind, all: readonly Mutant[], chosen: readonly Mutant[]): boolean {
  const of = all.filter((m) => m.kind === kind);
  return of.length > 0 && of.every((m) => chosen.includes(m));
}

/** The mutants of these kinds and names; all without any. Throws UsageError where there is none. */
function among(all: readonly Mutant[], wanted: readonly string[]): readonly Mutant[] {
  if (wanted.length === 0) return all;
  const kinds = new Set<string>(KINDS);
  const globs = wanted.filter((w) => !kinds.has(w));
  const matches = globs.length === 0 ? () => false : picomatch(globs);
  const chosen = all.filter((m) => wanted.includes(m.kind) || matches(m.name) || matches(nameOf(m)));
  if (chosen.length === 0) throw new UsageError(`no mutant matches ${wanted.join(" ")}`);
  return chosen;
}
