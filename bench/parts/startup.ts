/** How long a person waits for a command that has next to nothing to do. */
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { build, recipe } from "../../generators/index.ts";
import { ended } from "../ended.ts";
import { type Effort, type Figure, type Goal, type Measured, median, type Part } from "../part.ts";

const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");

/** A valid message of one extent. */
const MESSAGE = Buffer.from(build(recipe({})).bytes).toString("hex");

const COMMANDS: Record<string, { readonly args: readonly string[]; readonly goal?: Goal }> = {
  "node alone": { args: ["-e", "0"] },
  "fmapspec --help": { args: [MAIN, "--help"], goal: { atMost: 100 } },
  "fmapspec judge": { args: [MAIN, "judge", MESSAGE], goal: { atMost: 150 } },
};

async function run({ quick }: Effort): Promise<Measured> {
  const measured = new Map(
    Object.keys(COMMANDS).map((name) => [name, { wall: [] as number[], cpu: [] as number[] }]),
  );
  for (let round = 0; round < (quick ? 2 : 20); round++)
    for (const [name, { args }] of Object.entries(COMMANDS)) {
      const { seconds, cpu, status, output } = await ended([process.execPath, ...args]);
      if (status !== 0) throw new Error(`${name}: ${output}`);
      measured.get(name)?.wall.push(1000 * seconds);
      measured.get(name)?.cpu.push(1000 * cpu);
    }
  const figures = [...measured].flatMap(([name, { wall, cpu }]): Figure[] => {
    const goal = COMMANDS[name]?.goal;
    const best = { unit: "ms", value: Math.min(...wall), median: median(wall) };
    return [
      { id: `startup/${name}`, ...best, ...(goal === undefined ? {} : { goal }) },
      { id: `startup/${name}, CPU time`, unit: "ms", value: Math.min(...cpu), median: median(cpu) },
    ];
  });
  return { figures };
}

export const startup: Part = {
  summary: "how long the command takes to answer",
  needs: [],
  run,
};
