import { join, relative } from "node:path";
import picomatch from "picomatch";
import { renderReport } from "../../reports/index.ts";
import { DEFAULT_PROFILE, RULES, type RuleId } from "../../spec/index.ts";
import {
  applyKnownFailures,
  type Counterexample,
  type ParserReport,
  parseKnownFailures,
  renderKnownFailures,
  UsageError,
} from "../../suites/index.ts";
import { Reporter } from "../../suites/parser/report.ts";
import { ParserRun, type RunOptions } from "../../suites/parser/run.ts";
import type { Command } from "../command.ts";
import { type Context, VERSION } from "../context.ts";
import { readInput, writeFile } from "../files.ts";
import { choice, flag, type Parsed, profiles, readOptions, text, texts, whole } from "../options.ts";
import { SUBJECT_OPTIONS, subjectOf } from "../subject.ts";

const OPTIONS = {
  ...SUBJECT_OPTIONS,
  profile: { type: "string", multiple: true },
  level: { type: "string" },
  seed: { type: "string" },
  runs: { type: "string" },
  "max-time": { type: "string" },
  shard: { type: "string" },
  filter: { type: "string", multiple: true },
  list: { type: "boolean" },
  report: { type: "string", multiple: true },
  out: { type: "string" },
  "known-failing": { type: "string" },
  "update-known": { type: "boolean" },
  "fail-fast": { type: "boolean" },
  strict: { type: "boolean" },
  verbose: { type: "boolean", short: "v" },
  quiet: { type: "boolean" },
} as const;

/** Where a run leaves its report and counterexamples. */
const DEFAULT_OUT = "fmapspec-out";

export const parser: Command = {
  summary: "hold a GET_FMAP parser against a kernel revision",
  help: `usage: fmapspec parser [options] [-- CMD ARG...]
       fmapspec parser [options] --kernel-source PATH

Asks a parser about valid and adversarial messages and compares its verdict, errno and map with what the
kernel of the profile does. Without a subject it runs the suite's own oracle as a driver.

the subject
  -- CMD ARG...         a driver: a program that reads messages and answers (docs/driver-protocol.md)
  --protocol WAY        how it speaks: ndjson (default), frames or exec
  --kernel-source PATH  a kernel's own parser: a kernel tree, a famfs.c, a patch, or a mail with one
  --cc CC               the C compiler for it (default: $CC, gcc, clang, cc)
  --timeout MS          an answer is due after so long (default 5000)

the run
  --profile NAME        the kernel revision (default ${DEFAULT_PROFILE.name}); repeatable, or all
  --level LEVEL         quick (default), full, or soak
  --runs N              so many messages      --max-time S   not longer than S seconds
  --shard I/N           only the I-th of N parts of the messages
  --seed N              of the random messages; always printed
  --filter GLOB         only messages that a matching rule decides; repeatable
  --fail-fast           stop at the first failure
  --strict              findings that the revision is known for fail the run too
  --known-failing FILE  failures listed there do not count, and one that passes does;
                        a line each: pattern  # message prefix  # link-to-the-bug
  --update-known        write the run's failures to that file
  --list                list the rules that would be checked, and stop

the results
  --out DIR             report.json and counterexamples/ go there (default ${DEFAULT_OUT})
  --report json=PATH    the report once more, - is stdout
  -v, --verbose         an outcome for each rule     --quiet   nothing but failures

what a driver has to do (--protocol ndjson)
  for each line of stdin:
    {"cmd":"start","version":1}        answer {"version":1,"implementation":{"name":"mine"}}
    {"cmd":"parse","seq":7,"profile":"${DEFAULT_PROFILE.name}","hex":"00..."}
        parse the bytes as the kernel would, then answer
        {"seq":7,"verdict":"accept"}   with "map" if it likes, or
        {"seq":7,"verdict":"reject","errno":"EINVAL"}
    {"cmd":"stop"}                     end
`,
  async run(args, context) {
    const options = readOptions(args, OPTIONS);
    if (options.positionals.length > 0)
      throw new UsageError(`'${options.positionals[0]}' is not an option; a driver's command goes behind --`);
    const filter = ruleFilter(texts(options, "filter"));
    if (flag(options, "list")) {
      for (const r of RULES.filter((r) => filter(r.id))) context.print(`${r.id}\n`);
      return 0;
    }
    const reports = texts(options, "report").map(reportTarget);
    const knownFile = text(options, "known-failing");
    const known =
      knownFile === undefined ? [] : parseKnownFailures(readInput(knownFile).toString("utf8"), knownFile);
    const update = flag(options, "update-known");
    if (update && (knownFile === undefined || texts(options, "filter").length > 0))
      throw new UsageError(
        "--update-known rewrites the file of --known-failing, and only after a run without --filter",
      );
    let status = 0;
    for (const profile of profiles(options)) {
      const subject = await subjectOf(options, profile);
      const run: RunOptions & { version: string; strict: boolean } = {
        profile,
        level: choice(options, "level", ["quick", "full", "soak"]),
        seed: whole(options, "seed", -(2 ** 31), 2 ** 31 - 1) ?? freshSeed(),
        failFast: flag(options, "fail-fast"),
        strict: flag(options, "strict"),
        version: VERSION,
        signal: context.signal,
        progress: progress(context, flag(options, "quiet")),
        ...limits(options),
        ...shard(options),
        ...(texts(options, "filter").length === 0 ? {} : { filter }),
      };
      let report: ParserReport;
      try {
        const implementation = await subject.start();
        const began = performance.now();
        const parserRun = new ParserRun(subject, run);
        await parserRun.go();
        const seconds = (performance.now() - began) / 1000;
        report = await new Reporter(parserRun, subject, run).report(implementation, seconds);
      } finally {
        await subject.stop();
      }
      if (update) writeFile(knownFile as string, renderKnownFailures(report, known));
      else report = applyKnownFailures(report, known);
      const out = text(options, "out") ?? DEFAULT_OUT;
      const stored = store(report, out);
      for (const path of reports) {
        if (path === "-") context.print(`${JSON.stringify(report, null, 2)}\n`);
        else writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
      }
      if (!reports.includes("-") && !(flag(options, "quiet") && report.passed))
        context.print(renderReport(report, stored, context.paint, flag(options, "verbose")));
      if (!report.passed) status = 1;
    }
    return status;
  },
};

function limits(options: Parsed): { runs?: number; maxTime?: number } {
  const runs = whole(options, "runs", 1);
  const maxTime = whole(options, "max-time", 1);
  return { ...(runs === undefined ? {} : { runs }), ...(maxTime === undefined ? {} : { maxTime }) };
}

function shard(options: Parsed): Pick<RunOptions, "shard"> {
  const value = text(options, "shard");
  if (value === undefined) return {};
  const [i = 0, n = 0] = /^(\d+)\/(\d+)$/.exec(value)?.slice(1).map(Number) ?? [];
  if (i < 1 || i > n) throw new UsageError(`--shard takes I/N with I from 1 to N, not '${value}'`);
  return { shard: { i, n } };
}

const freshSeed = () => Math.floor(Math.random() * 2 ** 31);

/** Whether a rule matches one of the globs; throws UsageError for a glob that no rule matches. */
function ruleFilter(globs: readonly string[]): (rule: RuleId) => boolean {
  for (const glob of globs) {
    const matches = picomatch(glob);
    if (!RULES.some((r) => matches(r.id)))
      throw new UsageError(`--filter ${glob} matches no rule; fmapspec list shows them`);
  }
  return globs.length === 0 ? () => true : picomatch([...globs]);
}

function reportTarget(spec: string): string {
  const [, kind, path] = /^([^=]*)=(.+)$/.exec(spec) ?? [];
  if (path === undefined) throw new UsageError(`--report takes KIND=PATH, not '${spec}'`);
  if (kind !== "json") throw new UsageError(`there is no report '${kind}'; there is json`);
  return path;
}

/** Progress is drawn only for a person: on a terminal, and not in CI. */
function progress({ say }: Context, quiet: boolean): (messages: number) => void {
  if (quiet || !process.stderr.isTTY || process.env.CI) return () => {};
  let last = 0;
  return (messages) => {
    const now = Date.now();
    if (now - last < 200) return;
    last = now;
    say(`\r${messages} messages `);
  };
}

/** Writes report.json and a file for each counterexample; says where each of these is. */
function store(report: ParserReport, out: string): (c: Counterexample) => string {
  const paths = new Map<Counterexample, string>();
  const taken = new Set<string>();
  const all = [...report.counterexamples, ...report.findings.flatMap((f) => f.counterexample ?? [])];
  for (const c of all) {
    const base = [c.rule.replaceAll("/", "-"), ...(c.kind === "verdict" ? [] : [c.kind])].join("-");
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    const path = join(out, "counterexamples", `${name}.json`);
    writeFile(path, `${JSON.stringify(c, null, 2)}\n`);
    paths.set(c, relative(".", path) || path);
  }
  writeFile(join(out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  return (c) => paths.get(c) as string;
}
