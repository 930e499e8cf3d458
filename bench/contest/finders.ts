import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { type Ended, ended } from "../ended.ts";
import { OURS } from "./standing.ts";
import type { Program, Target } from "./targets.ts";

/** What one finder made of one mutant. */
export interface Attempt {
  readonly found: boolean;
  /** Messages until the difference, or all that were tried. */
  readonly executions: number;
  /** Wall and processor time from start to end, without compiling. */
  readonly seconds: number;
  readonly cpu: number;
}

export interface Finder {
  readonly program: Program;
  /** The most that it is given, seconds; undefined: as patient as the contest is. */
  readonly most?: number;
  /** `scratch`: a folder that is not there yet. */
  readonly find: (target: Target, seconds: number, scratch: string) => Promise<Attempt>;
}

const attempt = (found: boolean, executions: number, { seconds, cpu }: Ended): Attempt => ({
  found,
  executions,
  seconds,
  cpu,
});

/** The last number in the text behind `what`. */
const number = (text: string, what: RegExp): number =>
  Number([...text.matchAll(new RegExp(what, "g"))].at(-1)?.[1] ?? Number.NaN);

const DIFFERENCE = /difference after (\d+) executions/;

/** Seconds that a run of ours is waited for, on the busiest of machines. */
const LONGEST = 600;

/** The suite's own command, quick level: what a user would run, shrinking and reports and all. */
const fmapspec: Finder = {
  program: "frames",
  async find({ programs }, _, scratch) {
    const main = join(PACKAGE_ROOT, "dist/cli/main.js");
    const options = ["--protocol", "frames", "--fail-fast", "--seed", "1", "--quiet", "--out", scratch];
    const command = [process.execPath, main, "parser", ...options, "--", programs.frames] as const;
    const run = await ended([...command], LONGEST);
    if (run.status !== 0 && run.status !== 1) throw new Error(`fmapspec parser: ${run.output}`);
    const { messages } = JSON.parse(await readFile(join(scratch, "report.json"), "utf8"));
    return attempt(run.status === 1, messages, run);
  },
};

const unguided: Finder = {
  program: "unguided",
  // Nobody finds much in this way, and what is found, is found at once.
  most: 2,
  async find({ programs }, seconds) {
    const run = await ended([programs.unguided, "random", String(seconds), "1"], seconds);
    return attempt(run.status !== 0, number(run.output, /(?:after|in) (\d+) executions/), run);
  },
};

/** libFuzzer as it is, from the files of a folder, or from nothing. */
const libfuzzer = (corpus: string | null): Finder => ({
  program: "libfuzzer",
  async find({ programs }, seconds, scratch) {
    await mkdir(scratch);
    const flags = ["-seed=1", `-max_total_time=${seconds}`, "-print_final_stats=1", "-handle_abrt=0"];
    // What it finds on the way goes to the first folder, which must not be the seeds'.
    const folders = corpus === null ? [] : [scratch, corpus];
    const run = await ended(
      [programs.libfuzzer, ...flags, `-artifact_prefix=${scratch}/`, ...folders],
      seconds,
    );
    const counted = number(run.output, DIFFERENCE);
    const executions = counted > 0 ? counted : number(run.output, /number_of_executed_units: (\d+)/);
    return attempt(run.status !== 0, executions, run);
  },
});

const AFL = {
  AFL_NO_UI: "1",
  AFL_QUIET: "1",
  AFL_SKIP_CPUFREQ: "1",
  AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES: "1",
  AFL_BENCH_UNTIL_CRASH: "1",
  AFL_NO_AFFINITY: "1",
};

/** AFL++ as it is. It refuses seeds that crash: those are tried beforehand, and count. */
const afl = (corpus: string): Finder => ({
  program: "afl",
  async find({ programs }, seconds, scratch) {
    const seeds = (await readdir(corpus)).map((file) => join(corpus, file));
    const first = await ended([programs.unguided, "seeds", ...seeds], seconds);
    if (first.status !== 0) return attempt(true, number(first.output, DIFFERENCE) || 1, first);
    const limits = ["-V", String(seconds), "-s", "1"];
    const command = ["afl-fuzz", "-i", corpus, "-o", scratch, ...limits, "--", programs.afl] as const;
    const run = await ended([...command], seconds, AFL);
    const stats = await readFile(join(scratch, "default/fuzzer_stats"), "utf8").catch(() => "");
    if (stats === "") {
      // The seed did not crash before, but does with memory laid out in another way.
      if (/crash/i.test(run.output)) return attempt(true, seeds.length, run);
      throw new Error(`afl-fuzz: ${run.output.slice(-500)}`);
    }
    const found = number(stats, /saved_crashes\s*: (\d+)/) > 0;
    return attempt(found, number(stats, /execs_done\s*: (\d+)/), run);
  },
});

/** Folders with seeds: one byte, since AFL++ starts from no less; some valid messages; `fmapspec export corpus`. */
export interface Corpora {
  readonly nothing: string;
  readonly valid: string;
  readonly ours: string;
}

export const findersWith = ({ nothing, valid, ours }: Corpora): Record<string, Finder> => ({
  [OURS]: fmapspec,
  "libFuzzer, our corpus": libfuzzer(ours),
  "libFuzzer, 3 valid messages": libfuzzer(valid),
  "libFuzzer, empty corpus": libfuzzer(null),
  "AFL++, 3 valid messages": afl(valid),
  "AFL++, empty corpus": afl(nothing),
  "random bytes": unguided,
});
