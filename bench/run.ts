/** `npm run bench`: measures what is asked for, prints it, and keeps it as JSON. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { load, machine, scheduling } from "./machine.ts";
import { type Effort, isMet, type Measured, type Part } from "./part.ts";
import { PARTS } from "./parts/index.ts";
import { misfit, type Results, written } from "./results.ts";
import { table } from "./table.ts";

const USAGE = `usage: npm run bench -- [options] [PART...]

Measures all parts but the contest, or those that are named:
${Object.entries(PARTS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}

  --quick         a smoke: every line is run, no number means anything
  --out FILE      where the results go, as JSON; parts of an earlier run in it stay (fmapspec-out/bench.json)
  --every N       contest: only every n-th mutant
  --patience S    contest: seconds that a finder has for each (30)
  --jobs N        contest: mutants at once (one for each processor)
  --finder NAME   contest: only this finder, repeatable; of the others stands what --out has of an earlier run

Exit status 1 when a goal is missed, 3 when something that should could not be measured.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    out: { type: "string", default: "fmapspec-out/bench.json" },
    every: { type: "string" },
    patience: { type: "string" },
    jobs: { type: "string" },
    finder: { type: "string", multiple: true, default: [] },
    help: { type: "boolean", default: false },
  },
});
const { quick, out } = values;
const whole = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : otherwise;
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (values.help || unknown.length > 0) {
  process.stderr.write(unknown.length > 0 ? `bench: there is no part '${unknown[0]}'\n\n${USAGE}` : USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}
const asked =
  positionals.length > 0 ? positionals : Object.keys(PARTS).filter((name) => quick || name !== "contest");

const earlier: Results["parts"] = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")).parts : {};

const say = (text: string) =>
  void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const isThere = (program: string) => spawnSync("sh", ["-c", 'command -v "$1"', "sh", program]).status === 0;

async function measure(name: string): Promise<Measured> {
  const part = PARTS[name] as Part;
  const missing = part.needs.filter((program) => !isThere(program));
  if (missing.length > 0)
    return { figures: [], notes: [`not measured: there is no ${missing.join(", no ")}`] };
  const folder = mkdtempSync(join(tmpdir(), "fmapspec-bench-"));
  const effort: Effort = {
    quick,
    folder,
    say: (text) => say(`${name}: ${text}`),
    every: whole(values.every, quick ? 100 : 1),
    patience: whole(values.patience, quick ? 1 : 30),
    jobs: whole(values.jobs, availableParallelism()),
    finders: values.finder,
    earlier: earlier[name]?.curves ?? [],
  };
  try {
    return await part.run(effort);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const parts: Record<string, Results["parts"][string]> = { ...earlier };
for (const name of asked) {
  say(`${name}: begins`);
  const circumstances = { at: new Date().toISOString(), load: load(), scheduling: scheduling(), quick };
  const measured = await measure(name).catch((error: Error) => {
    process.stderr.write(`bench: ${name}: ${error.message}\n`);
    process.exit(3);
  });
  parts[name] = { ...circumstances, notes: [], ...measured };
  const results: Results = { format: "fmapspec-bench", version: 1, machine: machine(), parts };
  const wrong = misfit(results);
  if (wrong !== null) throw new Error(`the results are odd: ${wrong}`);
  // After each part: a run takes long, and an interruption loses one of them.
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, written(results));
  process.stdout.write(table(name, parts[name] as Results["parts"][string]));
}
process.stdout.write(`\nresults: ${out}\n`);
const missed = asked.flatMap((name) => parts[name]?.figures.filter((f) => !isMet(f)) ?? []);
// Of a smoke no goal is asked.
process.exitCode = !quick && missed.length > 0 ? 1 : 0;
