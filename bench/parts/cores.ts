/** What a second core gives a run: the same messages with one process and with two, in turn. */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { type Effort, type Measured, median, type Part } from "../part.ts";
import { type WholeRun, wholeRun } from "../whole-run.ts";

const RUNS = 2_000_000;

async function run({ quick, folder }: Effort): Promise<Measured> {
  if (availableParallelism() < 2) return { figures: [], notes: ["not measured: there is one core"] };
  const program = join(folder, "frames");
  execFileSync("gcc", ["-O2", "-o", program, join(PACKAGE_ROOT, "drivers/c/frames.c")]);
  const measured: Record<"1" | "2", WholeRun[]> = { 1: [], 2: [] };
  for (let round = 0; round < (quick ? 1 : 5); round++)
    for (const jobs of ["1", "2"] as const) {
      const options = ["--jobs", jobs, "--protocol", "frames", "--", program];
      measured[jobs].push(await wholeRun(folder, quick ? 1000 : RUNS, options));
    }
  const rates = (jobs: "1" | "2") => measured[jobs].map(({ rate }) => rate);
  const best = (jobs: "1" | "2") => Math.max(...rates(jobs));
  return {
    figures: [
      { id: "cores/--jobs 1", unit: "messages/s", value: best("1"), median: median(rates("1")) },
      { id: "cores/--jobs 2", unit: "messages/s", value: best("2"), median: median(rates("2")) },
      { id: "cores/two to one", unit: "times", value: best("2") / best("1"), goal: { atLeast: 1.8 } },
      // Where work is shared for nothing, this grows.
      {
        id: "cores/CPU time of two to one",
        unit: "times",
        value: Math.min(...measured[2].map((t) => t.cpu)) / Math.min(...measured[1].map((t) => t.cpu)),
      },
    ],
  };
}

export const cores: Part = { summary: "a run on one core and on two", needs: ["gcc"], run };
