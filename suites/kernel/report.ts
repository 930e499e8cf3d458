import { build, type Recipe } from "../../generators/index.ts";
import { hexOf, type Needs, type Profile, RULES, type Rule } from "../../spec/index.ts";
import { counterexample, finding } from "../parser/conclusion.ts";
import { factsOf } from "../parser/facts.ts";
import { type FailureClass, Ledger, sameness } from "../parser/failures/ledger.ts";
import { shrink } from "../parser/failures/shrink.ts";
import type { ParserReport } from "../parser/outcome.ts";
import { outcomesOf } from "../parser/outcomes.ts";
import { uncheckedIn, withParserVerdict } from "../parser/verdict.ts";
import type { Counterexample, KernelDescription } from "../run/outcome.ts";
import { ordinary } from "./detection.ts";
import { circumstances } from "./question-json.ts";
import { type LiveRun, type LiveRunOptions, messageOf } from "./run.ts";

export interface LiveReportOptions extends LiveRunOptions {
  /** Version of the suite. */
  readonly version: string;
  /** Findings that the profile predicts fail the run, too. */
  readonly strict: boolean;
  readonly subject: KernelDescription;
  /** The globs of `filter`. */
  readonly filters: readonly string[];
  /** Time limit for an open(2) in milliseconds. */
  readonly timeout: number;
  /** Notes on the kernel, and on what was not observed. */
  readonly notes: readonly string[];
}

const ARRANGED = "no open(2) of a live mount arranges it";
const NO_DAXDEV = "the mount names no dax device, so nothing is resolved";

const NEEDS: Readonly<Partial<Record<Needs, string>>> = {
  allocation: "no allocation of a live kernel is made to fail",
  resolution: NO_DAXDEV,
  unreachable: "no message reaches it, other checks stand before it",
};

/** Rules of the exchange and the installation that this suite cannot test, with the reasons. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  "exchange/buffer-alloc": "no allocation of a live kernel is made to fail",
  "exchange/retry-alloc": "no allocation of a live kernel is made to fail",
  "install/already-mapped": "an inode with a map is not asked for again",
  "install/lost-race": ARRANGED,
  "install/set-refused": ARRANGED,
  "install/meta-set": ARRANGED,
  "install/meta-free": ARRANGED,
  "install/missing-daxdev": "files with a map are not read",
};

/** Policies under which the parser never gets less than a header. */
const NEVER_SHORT: readonly string[] = ["exact", "fmap-size"] satisfies Profile["replySize"]["kind"][];

/** Why an open(2) of this profile's kernel cannot test the rule; null: it can. */
const inability =
  ({ replySize }: Profile) =>
  (r: Rule): string | null =>
    r.id === "fmap/header/underflow" && NEVER_SHORT.includes(replySize.kind)
      ? "a reply that is shorter than a header does not come to the parser"
      : (NEEDS[r.needs] ?? OUT_OF_REACH[r.id] ?? null);
const unableOf = (unable: (rule: Rule) => string | null): ReadonlyMap<string, string> =>
  new Map(
    RULES.flatMap((r) => {
      const reason = unable(r);
      return reason === null ? [] : [[r.id, reason] as const];
    }),
  );

/** The report of a run that was skipped because the kernel has nothing to test. */
export function skippedReport(
  options: Omit<LiveReportOptions, "signal" | "progress">,
  why: string,
): ParserReport {
  const ledger = new Ledger();
  const unchecked = [{ what: "every rule", why }];
  return withParserVerdict({ ...frame(options, ledger, () => why), complete: true, unchecked });
}

const frame = (
  options: Omit<LiveReportOptions, "signal" | "progress">,
  ledger: Ledger,
  unable: (rule: Rule) => string | null,
) => ({
  format: "fmapspec-report" as const,
  version: 1 as const,
  fmapspec: options.version,
  suite: "kernel" as const,
  profile: options.profile.name,
  level: options.level,
  seed: options.seed,
  run: factsOf(options),
  subject: options.subject,
  implementation: `Linux ${options.subject.release}`,
  seconds: 0,
  messages: ledger.messages,
  rules: outcomesOf(
    ledger,
    [...ledger.failures.values()],
    options.profile,
    unableOf(unable),
    options.filters,
  ),
  counterexamples: [],
  findings: [],
  boundaries: ledger.boundaries(),
  notes: options.notes,
});

/** Shrinks the failures on the kernel, and reports the finished run. */
export async function liveReport(run: LiveRun, options: LiveReportOptions): Promise<ParserReport> {
  const { ledger, budget } = run;
  const { profile, signal } = options;
  const facts = { ...options, fmapspec: options.version };
  const counterexamples: Counterexample[] = [];
  for (const f of [...ledger.failures.values()]) {
    if (f.recipe !== null && !signal.aborted && !BROKEN.includes(f.kind))
      await shrinkFailure(run, profile, f);
    counterexamples.push(counterexample(profile, facts, f, circumstancesOf(run, profile, f.question)));
  }
  const findings = [...ledger.findings.values()].map((f) =>
    finding(profile, facts, f, circumstancesOf(run, profile, f.question)),
  );
  return withParserVerdict({
    ...frame(options, ledger, inability(profile)),
    complete: budget.ended === null,
    unchecked: uncheckedIn(ledger, budget.ended),
    seconds: budget.seconds(),
    counterexamples,
    findings,
    notes: [...options.notes, ...(budget.ended === null ? [] : [budget.ended])],
  });
}

/** Kinds of failures that are not shrunk, because each attempt costs the time limit of an open(2) and a mount. */
const BROKEN: readonly string[] = ["hang", "crash"];

/** Replaces the message of a failure by the smallest one that fails alike under the same rule. */
async function shrinkFailure(run: LiveRun, profile: Profile, f: FailureClass): Promise<void> {
  const alike = async (message: Uint8Array) => {
    const settled = await run.ask(ordinary(profile, message));
    const now = settled?.difference ?? null;
    if (settled === null || now === null || now.rule !== f.rule) return null;
    return now.kind === f.kind && sameness(now.actual) === sameness(f.actual) ? { settled, now } : null;
  };
  const simplest = await shrink(
    profile,
    f.recipe as Recipe,
    async (message) => (await alike(message)) !== null,
  );
  const last = await alike(build(simplest, profile).bytes);
  if (last === null) return;
  f.recipe = simplest;
  f.actual = last.now.actual;
  f.expectedText = last.now.expectedText;
  f.question = { message: messageOf(last.settled) };
  run.questions.set(f.question.message, last.settled.question);
}

/** The circumstances of a failure or a finding, for its counterexample. */
const circumstancesOf = (run: LiveRun, profile: Profile, { message }: FailureClass["question"]) => ({
  message: hexOf(message),
  ...circumstances(profile, message, run.questions.get(message)),
});
