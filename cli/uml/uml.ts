import { join, resolve } from "node:path";
import { cacheFolder } from "../../base/cache-folder.ts";
import { SubjectError, UsageError } from "../../base/errors.ts";
import { freshSeed } from "../../base/fresh-seed.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { word } from "../../reports/line.ts";
import { DEFAULT_PROFILE, type Profile } from "../../spec/index.ts";
import { allowedCores } from "../../subjects/in-kernel/uml/cores.ts";
import { type Boot, bootGuest, type GuestJob, OUTPUT } from "../../subjects/in-kernel/uml/guest.ts";
import { buildUml } from "../../subjects/in-kernel/uml/kernel.ts";
import { buildModules } from "../../subjects/in-kernel/uml/modules.ts";
import type { Context } from "../context.ts";
import { file } from "../options/kinds.ts";
import { type REPORT_OPTIONS, reportsOf, statusOf } from "../options/reports.ts";
import type { MESSAGE_OPTIONS } from "../options/run-options.ts";
import { CC, KERNEL_SOURCE } from "../options/subject.ts";
import type { Option, Parsed } from "../options/table.ts";
import { makeFolder } from "../store/files.ts";
import { type Plan, resultsOf } from "./uml-results.ts";

const DEFAULT_RUNS = 1_000_000;

/** The options of `fmapspec kernel` that only go with --uml. */
export const UML_OPTIONS = {
  uml: file(
    `a kernel's source, a tree or its tar archive: built with KUnit, KASAN and UBSAN, and booted; --runs messages (default ${DEFAULT_RUNS}) are streamed through it`,
    "SOURCE",
  ),
  "kernel-source": KERNEL_SOURCE,
  cache: file("folder of sources, kernels and modules (default $XDG_CACHE_HOME/fmapspec)", "DIR"),
  cc: CC,
};

type Options = Parsed<
  typeof UML_OPTIONS &
    typeof MESSAGE_OPTIONS &
    typeof REPORT_OPTIONS & { profile: Option<Profile | null>; out: Option<string> }
>;

/** Messages a second on the slowest machine with KASAN; a guest that takes longer hangs. */
const SLOWEST = 1000;
const BOOT_SECONDS = 300;
/** Milliseconds: on a busy machine a guest is slow. */
const PATIENCE = 60_000;

const LIVE_RUNS = 1000;

/** Builds a User Mode Linux around the parser, boots it, runs everything inside, and brings the results back. */
export async function runInUml(source: string, options: Options, context: Context): Promise<number> {
  const { values } = options;
  const { "kernel-source": parser, quiet, cc } = values;
  if (parser === undefined)
    throw new UsageError(
      "--uml builds a kernel around a parser: name a famfs.c, patch, mail or tree with --kernel-source",
    );
  const profile = values.profile ?? DEFAULT_PROFILE;
  if (values.filter.length > 0) throw new UsageError("--filter does not go with --uml");
  const reports = reportsOf(options);
  const out = resolve(values.out);
  const surroundings = {
    cache: resolve(values.cache ?? cacheFolder()),
    cc,
    signal: context.signal,
    say: (line: string) => (quiet ? undefined : context.say(`fmapspec: ${line}\n`)),
  };
  makeFolder(out);
  makeFolder(surroundings.cache);
  const kernel = await buildUml(source, surroundings);
  const modules = await buildModules(parser, profile, kernel, surroundings);
  const plan: Plan = {
    profile,
    kernel,
    modules,
    out,
    seed: values.seed ?? freshSeed(),
    runs: values.runs ?? DEFAULT_RUNS,
    strict: values.strict,
  };
  surroundings.say(`booting Linux ${kernel.release}: KUnit, ${plan.runs} messages, a live mount`);
  const began = performance.now();
  const guests = await Promise.all(
    guestsOf(plan).map((guest, i) =>
      bootGuest({
        ...guest,
        image: kernel.image,
        preload: kernel.preload,
        folder: join(out, `guest-${i + 1}`),
        deadline: 1000 * (BOOT_SECONDS + plan.runs / SLOWEST),
        signal: context.signal,
      }),
    ),
  );
  if (context.signal.aborted) throw new SubjectError("interrupted while the kernel ran");
  const again = [
    "fmapspec",
    "kernel",
    "--uml",
    source,
    "--kernel-source",
    parser,
    "--profile",
    profile.name,
    "--seed",
    `${plan.seed}`,
    "--runs",
    `${plan.runs}`,
  ]
    .map(word)
    .join(" ");
  const results = await resultsOf(plan, guests, again, (performance.now() - began) / 1000);
  for (const result of results) reports.print(result, context);
  reports.write(results, context);
  return reports.status(results, statusOf(results));
}

/**
 * The shards of the stream that each guest does, one after the other. The live mount takes a third of the time that a million
 * messages take: where there are two processors, one has it and a third of the stream.
 */
function shardsOf(cores: number, live: boolean): string[][] {
  if (cores === 1) return [["1/1"]];
  return live && cores === 2 ? [["1/3"], ["2/3", "3/3"]] : [["1/2"], ["2/2"]];
}

/** What each guest runs, and on which processor. The live mount has a guest of its own. */
function guestsOf({
  profile,
  seed,
  runs,
  modules,
  strict,
}: Plan): Pick<Boot, "jobs" | "parameters" | "core">[] {
  const cores = allowedCores();
  const core = (i: number) => cores[i % cores.length] as number;
  // A guest has one processor: threads that help Node elsewhere, and new pages for its heap, cost more there than they save.
  const node = [process.execPath, "--single-threaded", "--max-semi-space-size=2"];
  const main = [...node, join(PACKAGE_ROOT, "dist/cli/main.js")];
  const common = [
    ...["--profile", profile.name, "--seed", `${seed}`, "--timeout", `${PATIENCE}`, "--quiet"],
    ...(strict ? ["--strict"] : []),
  ];
  const kunit: GuestJob = {
    name: "kunit",
    modules: [modules.kunit],
    // Old kernels keep no more than 512 bytes of it in debugfs.
    command: ["dmesg"],
  };
  const stream = (shard: string, i: number): GuestJob => {
    const name = `stream-${shard.split("/", 1)}`;
    return {
      name,
      // A module stays where it is for the job after it.
      modules: i === 0 ? [modules.device] : [],
      command: [
        ...[...main, "parser", "--device", "/dev/fmapspec", "--runs", `${runs}`],
        ...[...common, "--shard", shard, "--out", join(OUTPUT, name)],
      ],
    };
  };
  const streams = shardsOf(cores.length, modules.fuse !== null).map((shards, i) => ({
    jobs: [...(i === 0 ? [kunit] : []), ...shards.map(stream)],
    parameters: [],
    core: core(i),
  }));
  return modules.fuse === null
    ? streams
    : [
        ...streams,
        {
          jobs: [liveJob(modules.fuse, [...main, "kernel", ...common])],
          parameters: ["kmemleak=on"],
          core: core(streams.length),
        },
      ];
}

const liveJob = (fuse: string, command: readonly string[]): GuestJob => ({
  name: "live",
  modules: [fuse],
  command: [...command, "--runs", `${LIVE_RUNS}`, "--out", join(OUTPUT, "live")],
});
