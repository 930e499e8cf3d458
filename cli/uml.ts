import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import {
  crashResult,
  kunitResult,
  parserResult,
  type Result,
  renderKunit,
  renderReport,
} from "../reports/index.ts";
import { word } from "../reports/shell.ts";
import { DEFAULT_PROFILE, type Profile } from "../spec/index.ts";
import { decidingRule, messageInFlight } from "../suites/in-kernel/crash.ts";
import { kunitOutcomes } from "../suites/in-kernel/kunit-run.ts";
import { type Booted, bootGuest, type GuestJob, OUTPUT } from "../suites/in-kernel/uml/guest.ts";
import { buildUml, type UmlKernel } from "../suites/in-kernel/uml/kernel.ts";
import { buildModules, type ParserModules } from "../suites/in-kernel/uml/modules.ts";
import { kunitSuite } from "../suites/in-kernel/vectors-c.ts";
import type { ParserReport } from "../suites/index.ts";
import { SubjectError, UsageError } from "../suites/index.ts";
import { PACKAGE_ROOT } from "../suites/package-root.ts";
import { type Context, VERSION } from "./context.ts";
import { makeFolder, writeFile } from "./files.ts";
import { flag, freshSeed, type Parsed, profileOf, seedOf, text, texts, whole } from "./options.ts";
import { DEFAULT_OUT } from "./output.ts";
import { reportsOf } from "./reports.ts";
import { REPORT, store } from "./stored-run.ts";

/** The options of `fmapspec kernel` that only go with --uml. */
export const UML_OPTIONS = {
  uml: { type: "string" },
  "kernel-source": { type: "string" },
  cache: { type: "string" },
  cc: { type: "string" },
} as const;

export const UML_HELP = `inside of a User Mode Linux
  --uml SOURCE          a kernel's source, a tree or its tar archive: built with KUnit, KASAN and UBSAN, and booted
  --kernel-source PATH  the parser for it: a kernel tree, a famfs.c, a patch, or a mail with one
  --runs N              so many messages are streamed through it (default ${"1000000"})
  --cache DIR           where sources, kernels and modules are kept (default $XDG_CACHE_HOME/fmapspec)
  --cc CC               the C compiler (default: $CC, gcc, clang, cc)`;

const DEFAULT_RUNS = 1_000_000;

/** Messages of a second that the slowest machine manages with KASAN; what takes longer hangs. */
const SLOWEST = 1000;
const BOOT_SECONDS = 120;

const LIVE_RUNS = 1000;

const cacheOf = (options: Parsed): string =>
  resolve(
    text(options, "cache") ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fmapspec"),
  );

/** What a run inside of a guest is made of. */
interface Plan {
  readonly profile: Profile;
  readonly seed: number;
  readonly runs: number;
  readonly out: string;
  readonly kernel: UmlKernel;
  readonly modules: ParserModules;
  readonly strict: boolean;
}

/** Builds a User Mode Linux around the parser, boots it, runs everything inside, and brings the results back. */
export async function runInUml(options: Parsed, context: Context): Promise<number> {
  const source = text(options, "uml") as string;
  const parser = text(options, "kernel-source");
  if (parser === undefined)
    throw new UsageError(
      "--uml builds a kernel around a parser: name a famfs.c, patch, mail or tree with --kernel-source",
    );
  const profile = profileOf(text(options, "profile") ?? DEFAULT_PROFILE.name);
  if (texts(options, "filter").length > 0) throw new UsageError("--filter does not go with --uml");
  const reports = reportsOf(options);
  const out = resolve(text(options, "out") ?? DEFAULT_OUT);
  const quiet = flag(options, "quiet");
  const cc = text(options, "cc");
  const surroundings = {
    cache: cacheOf(options),
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
    seed: seedOf(options) ?? freshSeed(),
    runs: whole(options, "runs", 1) ?? DEFAULT_RUNS,
    strict: flag(options, "strict"),
  };
  surroundings.say(`booting Linux ${kernel.release}: KUnit, ${plan.runs} messages, a live mount`);
  const began = performance.now();
  const guest = await bootGuest({
    image: join(kernel.build, "linux"),
    folder: join(out, "guest"),
    jobs: jobsOf(plan),
    deadline: 1000 * (BOOT_SECONDS + plan.runs / SLOWEST),
    signal: context.signal,
  });
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
  const results = await resultsOf(plan, guest, again, (performance.now() - began) / 1000);
  if (!reports.onStdout)
    for (const [shown, result] of results)
      if (!(quiet && result.passed)) context.print(shown(context, flag(options, "verbose")));
  reports.write(
    results.map(([, result]) => result),
    context,
  );
  return reports.status(
    results.map(([, result]) => result),
    results.every(([, result]) => result.passed) ? 0 : 1,
  );
}

/** What the guest runs, in this order. */
function jobsOf({ profile, seed, runs, modules, strict }: Plan): GuestJob[] {
  const main = [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js")];
  const common = ["--profile", profile.name, "--seed", `${seed}`, "--quiet", ...(strict ? ["--strict"] : [])];
  const stream = ["parser", "--device", "/dev/fmapspec", "--runs", `${runs}`, "--timeout", "60000"];
  const live = ["kernel", "--runs", `${LIVE_RUNS}`];
  return [
    {
      name: "kunit",
      modules: [modules.kunit],
      command: `cat /sys/kernel/debug/kunit/${kunitSuite(profile)}*/results`,
    },
    {
      name: "stream",
      modules: [modules.device],
      command: [...main, ...stream, ...common, "--out", join(OUTPUT, "stream")],
    },
    ...(modules.fuse === null
      ? []
      : [
          {
            name: "live",
            modules: [modules.fuse],
            command: [...main, ...live, ...common, "--out", join(OUTPUT, "live")],
          },
        ]),
  ];
}

type Shown = (context: Context, verbose: boolean) => string;

async function resultsOf(
  plan: Plan,
  guest: Booted,
  again: string,
  seconds: number,
): Promise<[Shown, Result][]> {
  const found: [Shown, Result][] = [];
  for (const [job, status] of guest.statuses) {
    if (status === null) {
      found.push(crashed(plan, guest, job, again, seconds));
      break;
    }
    if (job === "kunit") found.push(await kunit(plan, again, seconds));
    else found.push(await reported(plan, job));
  }
  return found;
}

const guestFile = ({ out }: Plan, name: string) => join(out, "guest", name);

const subjectText = ({ kernel }: Plan) => `User Mode Linux ${kernel.release}, built with ${kernel.compiler}`;

function notesOf({ kernel, modules }: Plan): string[] {
  return [
    ...kernel.without.map((name) => `this kernel has no ${name}: what it would see is not seen`),
    ...(modules.why === null ? [] : [`no live mount: ${modules.why}`]),
  ];
}

async function kunit(plan: Plan, again: string, seconds: number): Promise<[Shown, Result]> {
  const cases = kunitOutcomes(plan.profile, await readFile(guestFile(plan, "kunit.out"), "utf8"));
  if (cases.every((c) => c.outcome === "not-run"))
    throw new SubjectError(
      `KUnit ran nothing in the guest: ${(await readFile(guestFile(plan, "kunit.err"), "utf8")).trim() || "no suite is there"}`,
    );
  const failing = cases.some((c) => c.outcome === "failed" && (plan.strict || !c.isHazard));
  const complete = cases.every((c) => c.outcome !== "not-run");
  const report = {
    suite: "kunit",
    profile: plan.profile.name,
    version: VERSION,
    subject: subjectText(plan),
    cases,
    notes: notesOf(plan),
    seconds,
    passed: complete && !failing,
    complete,
  } as const;
  const path = join(plan.out, "kunit.json");
  writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  const result = kunitResult(report, path, again);
  return [({ paint }) => renderKunit(report, paint), result];
}

/** The report that a command of ours left in the guest. */
async function reported(plan: Plan, job: string): Promise<[Shown, Result]> {
  const path = guestFile(plan, join(job, REPORT));
  if (!existsSync(path)) {
    const said = (await readFile(guestFile(plan, `${job}.err`), "utf8")).trim();
    throw new SubjectError(`${job} left no report in the guest: ${said.split("\n").at(-1) ?? ""}`);
  }
  const report = JSON.parse(await readFile(path, "utf8")) as ParserReport;
  const folder = join(plan.out, job);
  const stored = store(report, folder);
  return [
    ({ paint }, verbose) => renderReport(report, stored, paint, verbose),
    parserResult(report, join(folder, REPORT), stored, plan.strict),
  ];
}

const SUITES = { kunit: "kunit", stream: "parser", live: "kernel" } as const;

function crashed(plan: Plan, guest: Booted, job: string, again: string, seconds: number): [Shown, Result] {
  const message = job === "stream" ? messageInFlight(guest.console) : null;
  const crash = {
    suite: SUITES[job as keyof typeof SUITES],
    profile: plan.profile.name,
    seed: plan.seed,
    version: VERSION,
    subject: subjectText(plan),
    why: `the kernel went down in ${job}: ${guest.died}`,
    message: message === null ? null : Buffer.from(message).toString("hex"),
    rule: message === null ? null : decidingRule(plan.profile, message),
    seconds,
  } as const;
  const path = join(plan.out, `${job}-crash.json`);
  writeFile(path, `${JSON.stringify(crash, null, 2)}\n`);
  const blamed =
    crash.message === null
      ? `what it printed is in ${guestFile(plan, "console")}`
      : `over this message (${crash.rule}):\n  fmapspec judge --profile ${crash.profile} ${crash.message}`;
  const shown: Shown = ({ paint }) => `${paint("red", "FAILED")} ${crash.why}\n${blamed}\n`;
  return [shown, crashResult(crash, path, again)];
}
