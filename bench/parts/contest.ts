/** Who finds the planted bugs, and how soon: each finder on each mutant of the C parser until the first difference. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, recipe } from "../../generators/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { messagesOf } from "../../suites/export/corpus.ts";
import { readMutants } from "../../suites/selftest.ts";
import { type Attempt, type Corpora, type Finder, findersWith } from "../contest/finders.ts";
import { type Target, Workshop } from "../contest/targets.ts";
import {
  type Curve,
  type Effort,
  type Figure,
  type Goal,
  type Measured,
  median,
  type Part,
} from "../part.ts";

/** Seconds that everybody has at first; only who finds nothing in these is asked again, from the start. */
const FIRST = 1;

const VALID = [recipe({}), recipe({ count: 2 }), recipe({ kind: 1, count: 1, strips: 2 })];

async function writeCorpora(folder: string): Promise<Corpora> {
  const corpora = {
    nothing: join(folder, "nothing"),
    valid: join(folder, "valid"),
    ours: join(folder, "ours"),
  };
  for (const path of Object.values(corpora)) await mkdir(path);
  await writeFile(join(corpora.nothing, "seed"), "\n");
  for (const [i, shape] of VALID.entries()) await writeFile(join(corpora.valid, `${i}`), build(shape).bytes);
  let i = 0;
  for (const bytes of messagesOf(DEFAULT_PROFILE).values())
    await writeFile(join(corpora.ours, String(i++).padStart(4, "0")), bytes);
  return corpora;
}

/** Runs the tasks, so many at once, and tells now and then how many are left. */
async function shared(tasks: readonly (() => Promise<void>)[], { jobs, say }: Effort): Promise<void> {
  const waiting = [...tasks];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (waiting.length % 100 === 0) say(`${waiting.length} to go`);
      await next();
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

/** A finder and what it made of each target. */
interface Contestant {
  readonly name: string;
  readonly finder: Finder;
  readonly attempts: Map<Target, Attempt>;
  readonly patience: number;
}

const short = (n: number) => Number(n.toPrecision(3));

function curveOf({ name, attempts, patience }: Contestant): Curve {
  const all = [...attempts].sort(([, a], [, b]) => a.executions - b.executions);
  const spent = ({ executions, seconds, cpu }: Attempt) => [executions, short(seconds), short(cpu)] as const;
  return {
    finder: name,
    kills: all.filter(([, a]) => a.found).map(([, a]) => spent(a)),
    survivors: all
      .filter(([, a]) => !a.found)
      .map(([{ mutant }, a]) => ({ mutant, spent: spent(a) }))
      .sort((a, b) => (a.mutant < b.mutant ? -1 : 1)),
    patience,
  };
}

/** The middle of all mutants that everybody had, in executions; one left alive is behind all others. */
const middle = ({ attempts }: Contestant) =>
  median(
    [...attempts]
      .filter(([target]) => target.fuzzed)
      .map(([, a]) => (a.found ? a.executions : Number.POSITIVE_INFINITY)),
  );

function figuresOf(c: Contestant, goals: boolean): Figure[] {
  const figure = (what: string, unit: string, value: number, goal?: Goal): Figure => ({
    id: `contest/${c.name}/${what}`,
    unit,
    value,
    ...(goals && goal !== undefined ? { goal } : {}),
  });
  const killed = [...c.attempts].filter(([, a]) => a.found);
  const all = figure("killed", `of ${c.attempts.size}`, killed.length, { atLeast: c.attempts.size });
  if (killed.length === 0) return [all];
  // From the patch to the difference: compiled, started, found.
  const took = (time: "seconds" | "cpu") =>
    killed.map(([{ compiled }, a]) => compiled[c.finder.program][time] + a[time]);
  const executions = killed.map(([, a]) => a.executions);
  return [
    all,
    figure("executions, median", "", median(executions), { atMost: 50 }),
    figure("executions, most", "", Math.max(...executions), { atMost: 20_000 }),
    figure("from patch to difference, median", "s", median(took("seconds"))),
    figure("from patch to difference, longest", "s", Math.max(...took("seconds")), { atMost: 3 }),
    figure("from patch to difference, median of CPU time", "s", median(took("cpu"))),
    figure("from patch to difference, most CPU time", "s", Math.max(...took("cpu"))),
  ];
}

/** How many times fewer executions ours takes, in the median of the mutants that both had. */
function ratios([ours, ...others]: readonly [Contestant, ...Contestant[]]): Figure[] {
  return others.flatMap((c): Figure[] => {
    const value = middle(c) / middle(ours);
    if (!Number.isFinite(value)) return [];
    const goal = c.name.includes("empty") ? 100 : c.name.includes("valid") ? 3 : null;
    const id = `contest/executions of ${c.name} to ours, medians of all`;
    return [{ id, unit: "times", value, ...(goal === null ? {} : { goal: { atLeast: goal } }) }];
  });
}

async function run(effort: Effort): Promise<Measured> {
  const { quick, every, patience, folder, say } = effort;
  const different = (await readMutants()).filter((mutant) => mutant.equivalent === null);
  const all = quick ? different.slice(0, 2) : different;
  const workshop = await Workshop.open(folder);
  const finders = Object.entries(findersWith(await writeCorpora(folder)));
  const contestants = finders.map(
    ([name, finder]): Contestant => ({
      name,
      finder,
      attempts: new Map(),
      patience: Math.min(patience, finder.most ?? patience),
    }),
  ) as [Contestant, ...Contestant[]];
  const targets: Target[] = [];
  const building = all.map((mutant, i) => async () => {
    targets.push(await workshop.build(mutant, i % every === 0));
  });
  say(`${all.length} mutants are compiled`);
  await shared(building, effort);
  for (const seconds of [Math.min(FIRST, patience), patience]) {
    const tasks = contestants.flatMap((c) => {
      const again = c !== contestants[0] && seconds > FIRST;
      return targets
        .filter((target) => (target.fuzzed || c === contestants[0]) && c.attempts.get(target)?.found !== true)
        .filter((target) => !c.attempts.has(target) || again)
        .map((target) => async () => {
          const scratch = join(folder, `${c.name.replaceAll(/\W+/g, "-")}-${target.mutant}`);
          c.attempts.set(target, await c.finder.find(target, Math.min(seconds, c.patience), scratch));
          await rm(scratch, { recursive: true, force: true });
        });
    });
    say(`${tasks.length} attempts of up to ${seconds} s`);
    await shared(tasks, effort);
  }
  const sample = `the fuzzers and random bytes had every ${every}th of the ${all.length} mutants`;
  return {
    figures: [...contestants.flatMap((c, i) => figuresOf(c, i === 0)), ...ratios(contestants)],
    curves: contestants.map(curveOf),
    notes: every === 1 ? [] : [sample],
  };
}

export const contest: Part = {
  summary: "time and executions until each planted bug is found: ours, libFuzzer, AFL++, random bytes",
  needs: ["gcc", "clang", "afl-fuzz", "afl-clang-fast"],
  run,
};
