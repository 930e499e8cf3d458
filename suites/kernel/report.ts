import { build, type Recipe } from "../../generators/index.ts";
import { type Answer, parseFmap } from "../../oracles/index.ts";
import { decodeMessage, type Needs, type Profile, RULES, type Rule } from "../../spec/index.ts";
import type { Counterexample, Finding, KernelDescription, ParserReport } from "../outcome.ts";
import { factsOf } from "../parser/facts.ts";
import { type FailureClass, type FindingClass, Ledger, sameness } from "../parser/ledger.ts";
import { outcomesOf } from "../parser/outcomes.ts";
import { shrink } from "../parser/shrink.ts";
import { verdictToJson } from "../verdict-json.ts";
import { versionsWith } from "../versions.ts";
import { ordinary } from "./detection.ts";
import type { LiveQuestion } from "./question.ts";
import { type LiveRun, type LiveRunOptions, messageOf } from "./run.ts";

export interface LiveReportOptions extends LiveRunOptions {
  /** Version of the suite. */
  readonly version: string;
  /** Findings that the profile predicts fail the run too. */
  readonly strict: boolean;
  readonly subject: KernelDescription;
  /** The globs that `filter` was made of. */
  readonly filters: readonly string[];
  /** Milliseconds in which an open(2) is due. */
  readonly timeout: number;
  /** What there is to say of the kernel and of what was not watched. */
  readonly notes: readonly string[];
}

const ARRANGED = "no open(2) of a live mount arranges it";
const NO_DAXDEV = "the mount names no dax device, so nothing is resolved";

const NEEDS: Readonly<Partial<Record<Needs, string>>> = {
  allocation: "no allocation of a live kernel is made to fail",
  resolution: NO_DAXDEV,
  unreachable: "no message reaches it, other checks stand before it",
};

/** Rules of the exchange and the installation that nothing here can bring about. */
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

/** Where the parser is never handed less than a header. */
const NEVER_SHORT: readonly string[] = ["exact", "fmap-size"] satisfies Profile["replySize"]["kind"][];

/** Why an open(2) of this profile's kernel shows nothing of the rule; null: it does. */
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

/** The report of a run that did not come about, since the kernel has nothing to test. */
export function skippedReport(
  options: Omit<LiveReportOptions, "signal" | "progress">,
  why: string,
): ParserReport {
  const ledger = new Ledger();
  return { ...frame(options, ledger, () => why), complete: true, passed: false };
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
  rules: outcomesOf(ledger, [...ledger.failures.values()], options.profile, unableOf(unable)),
  counterexamples: [],
  findings: [],
  boundaries: ledger.boundaries(),
  notes: options.notes,
});

/** The report of a run that is over; failures are shrunk on the kernel first. */
export async function liveReport(
  run: LiveRun,
  options: LiveReportOptions,
  seconds: () => number,
): Promise<ParserReport> {
  const { ledger } = run;
  const { profile, signal } = options;
  const counterexamples: Counterexample[] = [];
  for (const f of [...ledger.failures.values()]) {
    if (f.recipe !== null && !signal.aborted && !BROKEN.includes(f.kind))
      await shrinkFailure(run, profile, f);
    counterexamples.push(stored(run, options, f));
  }
  const findings = [...ledger.findings.values()].map((f) => finding(run, options, f));
  const bad = findings.some((f) => options.strict || !f.predicted);
  const complete = run.ended === null;
  return {
    ...frame(options, ledger, inability(profile)),
    complete,
    passed: complete && ledger.messages > 0 && counterexamples.length === 0 && !bad,
    seconds: seconds(),
    counterexamples,
    findings,
    notes: [...options.notes, ...(run.ended === null ? [] : [run.ended])],
  };
}

/** Each of these costs the time in which an open(2) is due, and a mount: they stay as they are. */
const BROKEN: readonly string[] = ["hang", "crash"];

/** The smallest message that fails under the same rule and in the same way takes the place of the first. */
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

function finding(run: LiveRun, options: LiveReportOptions, f: FindingClass): Finding {
  const { rule, what, messages } = f;
  const failure = { ...f, rule: rule ?? "fmap/map/simple", kind: "finding", actual: what } as const;
  return { rule, what, predicted: rule !== null, messages, counterexample: stored(run, options, failure) };
}

type Storable = Pick<FailureClass, "rule" | "kind" | "actual" | "question" | "recipe" | "expectedText">;

function stored(
  run: LiveRun,
  { profile, seed, subject, version }: LiveReportOptions,
  f: Storable,
): Counterexample {
  const { message } = f.question;
  return {
    format: "fmapspec-counterexample",
    version: 1,
    profile: profile.name,
    rule: f.rule,
    kind: f.kind,
    message: Buffer.from(message).toString("hex"),
    decoded: decodeMessage(message, profile.fmapSizeField),
    ...circumstances(profile, message, run.questions.get(message)),
    expected: verdictToJson(parseFmap(profile, message)),
    ...(f.expectedText === undefined ? {} : { expectedText: f.expectedText }),
    actual: f.actual,
    subject,
    seed,
    ...(f.recipe === null ? {} : { recipe: f.recipe }),
    versions: versionsWith(version),
  };
}

const answerText = (a: Answer): string => ("errno" in a ? a.errno : Buffer.from(a.payload).toString("hex"));

/** A question as JSON holds it. */
export const questionText = ({ plan, daxdev, opens }: LiveQuestion) => ({
  answers: plan.map(answerText),
  daxdev: answerText(daxdev),
  opens,
});

/** What was asked beside the message alone. */
function circumstances(
  profile: Profile,
  message: Uint8Array,
  question: LiveQuestion = ordinary(profile, message),
): Pick<Counterexample, "answers" | "daxdev" | "opens"> {
  const usual = ordinary(profile, message);
  const answers = question.plan.map(answerText);
  const daxdev = answerText(question.daxdev);
  return {
    ...(String(answers) === String(usual.plan.map(answerText)) ? {} : { answers }),
    ...(daxdev === answerText(usual.daxdev) ? {} : { daxdev }),
    ...(question.opens === 1 ? {} : { opens: question.opens }),
  };
}

const answerOf = (text: string): Answer =>
  /^E[A-Z]/.test(text)
    ? { errno: text as Extract<Answer, { errno: unknown }>["errno"] }
    : { payload: new Uint8Array(Buffer.from(text, "hex")) };

/** The question of a stored counterexample. */
export function questionOf(profile: Profile, c: Counterexample): LiveQuestion {
  const usual = ordinary(profile, new Uint8Array(Buffer.from(c.message, "hex")));
  return {
    plan: c.answers === undefined ? usual.plan : (c.answers.map(answerOf) as unknown as LiveQuestion["plan"]),
    daxdev: c.daxdev === undefined ? usual.daxdev : answerOf(c.daxdev),
    opens: c.opens ?? 1,
  };
}
