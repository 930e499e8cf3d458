import { availableParallelism } from "node:os";
import picomatch from "picomatch";
import { DEFAULT_PROFILE, holdsIn, RULES } from "../../spec/index.ts";
import { UsageError } from "../../suites/index.ts";
import { type MutantResult, readMutants, Selftest } from "../../suites/selftest.ts";
import type { Command } from "../command.ts";
import { flag, readOptions, seedOf, whole } from "../options.ts";

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

export const selftest: Command = {
  help: `usage: fmapspec selftest [--seed N] [--jobs N] [-v] [GLOB...]

Builds every mutant beside the C driver (drivers/c/mutants) and runs the parser suite on it. A mutant
that can be told from the original has to be caught, one that cannot has to pass, and every rule that a
message can break has to have a mutant that breaks it and nothing else. Needs a C compiler.
With globs, only the mutants whose name matches one are tried.

  --seed N     of the random messages (default 1)
  --jobs N     so many mutants at once (default: the number of processors)
  -v           a line for each mutant
`,
  async run(args, { print, paint, signal }) {
    const options = readOptions(args, {
      seed: { type: "string" },
      jobs: { type: "string" },
      verbose: { type: "boolean", short: "v" },
    });
    if (options.command !== null)
      throw new UsageError("selftest brings its own subjects: nothing goes behind --");
    const seed = seedOf(options) ?? 1;
    const jobs = whole(options, "jobs", 1, 64) ?? availableParallelism();
    const all = await readMutants();
    const globs = options.positionals.filter((glob) => glob !== "");
    const chosen = globs.length === 0 ? all : all.filter(({ name }) => picomatch(globs)(name));
    if (chosen.length === 0) throw new UsageError(`no mutant matches ${globs.join(" ")}`);
    const waiting = [...chosen];
    const test = await Selftest.prepare(DEFAULT_PROFILE, { seed, signal });
    const results: MutantResult[] = [];
    try {
      const worker = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const result = await test.try(next).catch((error) => {
            // Ctrl-C reaches the compiler too.
            if (signal.aborted) return null;
            throw error;
          });
          if (result === null || signal.aborted) return; // it says nothing about the mutant
          results.push(result);
        }
      };
      await Promise.all(Array.from({ length: jobs }, worker));
    } finally {
      await test.dispose();
    }
    results.sort((a, b) => (a.mutant.name < b.mutant.name ? -1 : 1));
    let wrong = 0;
    for (const { mutant, messages, rules, longest } of results) {
      const right = (mutant.equivalent === null) === (messages !== null);
      if (!right) wrong++;
      if (right && !flag(options, "verbose")) continue;
      const fate =
        messages === null
          ? "survives"
          : `caught after ${messages} messages, shrunk to ${longest} bytes, breaks ${rules.join(", ")}`;
      print(`${paint(right ? "green" : "red", right ? "ok   " : "WRONG")} ${mutant.name}: ${fate}\n`);
    }
    for (const { mutant } of results.filter((r) => r.mutant.equivalent !== null))
      print(`equivalent: ${mutant.name}: ${mutant.equivalent}\n`);
    print(`\n${summary(results)}\n`);
    if (signal.aborted) {
      print(`interrupted: ${chosen.length - results.length} of ${chosen.length} mutants were not tried\n`);
      return 1;
    }
    // A rule that never fails alone may as well not be there.
    const alone = new Set(results.flatMap((r) => (r.rules.length === 1 ? r.rules : [])));
    const unproven = RULES.filter(
      (r) => holdsIn(r, DEFAULT_PROFILE) && globs.length === 0 && r.needs === "message" && !alone.has(r.id),
    );
    for (const r of unproven) print(`${paint("red", "WRONG")} no mutant breaks ${r.id} and nothing else\n`);
    wrong += unproven.length;
    print(
      wrong === 0 ? paint("green", "every mutant is where it belongs\n") : paint("red", `${wrong} are not\n`),
    );
    return wrong === 0 ? 0 : 1;
  },
};

function summary(results: readonly MutantResult[]): string {
  const killed = results.flatMap((r) => (r.messages === null ? [] : [{ ...r, messages: r.messages }]));
  const counts = `${results.length} mutants: ${killed.length} caught, ${results.length - killed.length} not`;
  const [first, ...more] = killed;
  if (first === undefined) return counts;
  const last = more.reduce((a, b) => (b.messages > a.messages ? b : a), first);
  return (
    `${counts}; median ${median(killed.map((r) => r.messages))} messages, ` +
    `${median(killed.map((r) => r.seconds)).toFixed(3)} s; ` +
    `last ${last.mutant.name} after ${last.messages} messages, ${last.seconds.toFixed(2)} s`
  );
}
