/** Messages through what a parser can be reached by: bare, as the runner sends them, and as whole runs of the command. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { Batch, RecipeStream } from "../../generators/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { Answers } from "../../subjects/driver/answers.ts";
import { DEFAULT_TIMEOUT, subjectFor } from "../../subjects/driver/described.ts";
import type { SubjectDescription } from "../../subjects/driver/subject.ts";
import { SEED } from "../../test/seed.ts";
import { type Effort, type Figure, type Goal, type Measured, median, type Part } from "../part.ts";
import { type WholeRun, wholeRun } from "../whole-run.ts";

interface Way {
  readonly subject: SubjectDescription;
  /** How the command is told of it. */
  readonly options: readonly string[];
  /** Messages in flight, and messages of a whole run. */
  readonly flight: number;
  readonly runs: number;
  readonly goal?: Goal;
}

const driver = (
  protocol: "frames" | "ndjson" | "exec",
  command: readonly string[],
  sizes: Pick<Way, "flight" | "runs" | "goal">,
): Way => ({
  subject: { kind: "driver", protocol, command },
  options: ["--protocol", protocol, "--", ...command],
  ...sizes,
});

function build(folder: string, source: string): string {
  const program = join(folder, source);
  execFileSync("gcc", ["-O2", "-o", program, join(PACKAGE_ROOT, `drivers/c/${source}.c`)]);
  return program;
}

function ways(folder: string): Record<string, Way> {
  const frames = [build(folder, "frames")];
  const python = ["python3", join(PACKAGE_ROOT, "drivers/python/fmap_driver.py")];
  return {
    "C, frames": driver("frames", frames, { flight: 512, runs: 1_000_000, goal: { atLeast: 800_000 } }),
    "Python, NDJSON": driver("ndjson", python, { flight: 64, runs: 20_000 }),
    "C, exec": driver("exec", [build(folder, "exec")], { flight: 8, runs: 400 }),
    ...(SEED !== undefined && {
      "kernel source, sanitizers": {
        subject: { kind: "kernel-source", path: join(SEED, "kernel") },
        options: ["--kernel-source", join(SEED, "kernel")],
        flight: 512,
        runs: 200_000,
      },
    }),
  };
}

/** Messages a second of batches of the same messages asked over and over, for about so many milliseconds. */
async function bare({ subject: description, flight }: Way, milliseconds: number): Promise<number> {
  const subject = await subjectFor(description, DEFAULT_PROFILE, DEFAULT_TIMEOUT);
  await subject.start();
  const batch = new Batch(flight);
  const stream = new RecipeStream(1);
  while (!batch.full) batch.add(stream.next());
  const answers = new Answers(flight);
  let best = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const began = performance.now();
    await subject.ask(batch, answers);
    best = Math.min(best, performance.now() - began);
  }
  await subject.stop();
  return (1000 * batch.count) / best;
}

async function run({ quick, folder, say }: Effort): Promise<Measured> {
  const figures: Figure[] = [];
  const all = ways(folder);
  for (const [name, way] of Object.entries(all)) {
    say(name);
    const value = await bare(way, quick ? 50 : 1500);
    figures.push({ id: `drivers/${name}/asked, best batch`, unit: "messages/s", value });
    const whole: WholeRun[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++)
      whole.push(await wholeRun(folder, quick ? 8 : way.runs, way.options));
    const rates = whole.map(({ rate }) => rate);
    figures.push(
      {
        id: `drivers/${name}/whole run`,
        unit: "messages/s",
        value: Math.max(...rates),
        median: median(rates),
        ...(way.goal === undefined ? {} : { goal: way.goal }),
      },
      {
        id: `drivers/${name}/whole run, CPU time, start and all`,
        unit: "us a message",
        value: Math.min(...whole.map((w) => w.cpu)),
      },
    );
  }
  const missing =
    SEED === undefined ? ["kernel source: not measured, the kernel patch is not there (FMAPSPEC_SEED)"] : [];
  return { figures, notes: missing };
}

export const drivers: Part = {
  summary: "messages through drivers: frames, NDJSON, exec, kernel source",
  needs: ["gcc", "python3"],
  run,
};
