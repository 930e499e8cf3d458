import { availableParallelism } from "node:os";
import picomatch from "picomatch";
import { UsageError } from "../../base/errors.ts";
import { renderSelftest, renderSelftestPage } from "../../reports/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { KINDS, type Kind, type Mutant, type SelftestReport } from "../../suites/index.ts";
import { nameOf } from "../../suites/studies/selftest/conclusion.ts";
import { allMutants, selftest as judge } from "../../suites/studies/selftest/selftest.ts";
import { flag, seed, whole, withDefault } from "../options/kinds.ts";
import { reportOption, writeDocument } from "../options/reports.ts";
import { command } from "../options/table.ts";

const WRITERS = {
  json: (r: SelftestReport) => `${JSON.stringify(r, null, 2)}\n`,
  markdown: renderSelftestPage,
} as const;

export const selftest = command({
  about: `Tests the suite with mutants, subjects that are wrong in a known way, of three kinds:
  parser     the C driver with a line changed (drivers/c/mutants); needs a C compiler
  daemon     the reference daemon with one of its faults
  revision   each revision's parser where another one is expected
The suite has to catch a mutant that differs from the original: a daemon by the requirement that it breaks and by
no other. A mutant that does not differ has to pass, and a parser to answer all small worlds as the original does.
Every rule of messages and of daemons has to have a mutant that breaks nothing else. With kinds or globs, only
such mutants are tried (077-*, parser/0*, revision/*-as-v10).`,
  options: {
    options: {
      seed: withDefault(seed("of the random messages"), 1),
      jobs: whole("how many mutants at once (default: the number of processors)", { min: 1, max: 64 }),
      verbose: flag("a line for each mutant", "v"),
      report: reportOption(WRITERS),
    },
  },
  operand: { takes: "KIND|GLOB", noun: "kind or glob of mutants", count: "any number", offers: KINDS },
  async run({ values, operands }, context) {
    const { seed, jobs = availableParallelism(), verbose, report: targets } = values;
    const all = await allMutants();
    const chosen = among(
      all,
      operands.filter((glob) => glob !== ""),
    );
    const report = await judge(DEFAULT_PROFILE, chosen, {
      seed,
      jobs,
      whole: KINDS.filter((kind) => isWhole(kind, all, chosen)),
      signal: context.signal,
    });
    writeDocument(targets, WRITERS, report, () => renderSelftest(report, verbose, context.paint), context);
    return report.passed ? 0 : 1;
  },
});

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
