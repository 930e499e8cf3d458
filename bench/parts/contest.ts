/** Who finds the planted bugs, and how soon: each finder on each mutant of the C parser until the first difference. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messagesOf } from "../../exports/corpus.ts";
import { build, recipe } from "../../generators/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { readMutants } from "../../suites/studies/selftest/parser-mutants.ts";
import { type Attempt, type Corpora, type Finder, findersWith } from "../contest/finders.ts";
import { OURS, standing } from "../contest/standing.ts";
import { type Target, Workshop } from "../contest/targets.ts";
import type { Curve, Effort, Measured, Part } from "../part.ts";

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

const curveOf = ({ name, finder, attempts, patience }: Contestant): Curve => ({
  finder: name,
  patience,
  tries: [...attempts]
    .map(([{ mutant, compiled }, { found, executions, seconds, cpu }]) => ({
      mutant,
      found,
      executions,
      compileSeconds: short(compiled[finder.program].seconds),
      compileCpu: short(compiled[finder.program].cpu),
      seconds: short(seconds),
      cpu: short(cpu),
    }))
    .sort((a, b) => (a.mutant < b.mutant ? -1 : 1)),
});

/** Ours has every mutant, and no limit but its number of messages: asked again it would do the same. */
const isOurs = ({ name }: Contestant) => name === OURS;

async function compete(contestants: readonly Contestant[], effort: Effort): Promise<void> {
  const { quick, every, patience, folder, say } = effort;
  const different = (await readMutants()).filter((mutant) => mutant.equivalent === null);
  const all = quick ? different.slice(0, 2) : different;
  const workshop = await Workshop.open(folder);
  const targets: Target[] = [];
  const others = contestants.some((c) => !isOurs(c));
  const building = all.map((mutant, i) => async () => {
    if (contestants.some(isOurs) || i % every === 0)
      targets.push(await workshop.build(mutant, others && i % every === 0));
  });
  say(`${all.length} mutants are compiled`);
  await shared(building, effort);
  for (const seconds of [Math.min(FIRST, patience), patience]) {
    const tasks = contestants.flatMap((c) =>
      targets
        .filter((target) => (target.fuzzed || isOurs(c)) && c.attempts.get(target)?.found !== true)
        .filter((target) => !c.attempts.has(target) || (!isOurs(c) && seconds > FIRST))
        .map((target) => async () => {
          const scratch = join(folder, `${c.name.replaceAll(/\W+/g, "-")}-${target.mutant}`);
          c.attempts.set(target, await c.finder.find(target, Math.min(seconds, c.patience), scratch));
          await rm(scratch, { recursive: true, force: true });
        }),
    );
    say(`${tasks.length} attempts of up to ${seconds} s`);
    await shared(tasks, effort);
  }
}

async function run(effort: Effort): Promise<Measured> {
  const { every, patience, folder, finders: chosen, earlier } = effort;
  const finders = Object.entries(findersWith(await writeCorpora(folder)));
  const names = finders.map(([name]) => name);
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`there is no finder '${unknown}'; there are: ${names.join("; ")}`);
  const contestants = finders
    .filter(([name]) => chosen.length === 0 || chosen.includes(name))
    .map(([name, finder]): Contestant => {
      return { name, finder, attempts: new Map(), patience: Math.min(patience, finder.most ?? patience) };
    });
  await compete(contestants, effort);
  const fresh = contestants.map(curveOf);
  const curves = names.flatMap((name) => [...fresh, ...earlier].find(({ finder }) => finder === name) ?? []);
  const notes = [`the fuzzers and random bytes had one in ${every} of the mutants, fmapspec all`];
  if (chosen.length > 0)
    notes.push(`measured then: ${chosen.join(", ")}; what the others did is from an earlier run`);
  return {
    figures: standing(curves),
    curves,
    notes: every === 1 ? notes.slice(1) : notes,
  };
}

export const contest: Part = {
  summary: "time and executions until each planted bug is found: ours, libFuzzer, AFL++, random bytes",
  needs: ["gcc", "clang", "afl-fuzz", "afl-clang-fast"],
  run,
};
