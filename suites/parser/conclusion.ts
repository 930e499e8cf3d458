import { counted } from "../../base/counted.ts";
import { versionsWith } from "../../base/versions.ts";
import { parseFmap } from "../../oracles/index.ts";
import { decodeMessage, type Profile, type RuleId } from "../../spec/index.ts";
import type { Counterexample, Finding } from "../run/outcome.ts";
import { verdictToJson } from "../run/verdict-json.ts";
import {
  type Failure,
  type FailureClass,
  type FindingClass,
  failureKey,
  type Ledger,
  sameness,
} from "./failures/ledger.ts";
import { odditiesOf } from "./failures/likeness.ts";
import type { ParserReport } from "./outcome.ts";
import { outcomesOf } from "./outcomes.ts";
import { byPosition, type ParserState, questionToJson } from "./stored.ts";
import { uncheckedIn, withParserVerdict } from "./verdict.ts";

/** What a report says of its run before anything was asked. */
export type ParserFacts = Pick<
  ParserReport,
  "fmapspec" | "level" | "seed" | "run" | "subject" | "implementation"
>;

/**
 * The report of what a run has seen: a function of the ledger, so that shards that are put together end in the report of the
 * whole run.
 */
export function concludeParser(
  profile: Profile,
  facts: ParserFacts,
  ledger: Ledger,
  { ended, seconds, notes, unable }: Omit<ParserState, "position" | "breakdowns" | "ledger">,
): ParserReport {
  const classes = [...ledger.failures.values()].sort(byPosition).map((f) => ({ ...f }));
  const shown = classes.filter((f) => f.shown);
  explain(profile, shown);
  const counterexamples = distinct(shown).map((f) => counterexample(profile, facts, f));
  const findings = [...ledger.findings.values()].sort(byPosition).map((f) => finding(profile, facts, f));
  const { strict } = facts.run;
  const fatal = findings.filter((f) => !f.predicted || strict);
  const hidden = classes.length - shown.length + ledger.others.size;
  return withParserVerdict({
    format: "fmapspec-report",
    version: 1,
    fmapspec: facts.fmapspec,
    suite: "parser",
    profile: profile.name,
    level: facts.level,
    seed: facts.seed,
    run: facts.run,
    subject: facts.subject,
    implementation: facts.implementation,
    complete: ended === null,
    unchecked: uncheckedIn(ledger, ended),
    seconds,
    messages: ledger.messages,
    rules: outcomesOf(ledger, classes, profile, new Map(Object.entries(unable)), facts.run.filter),
    counterexamples,
    findings,
    boundaries: ledger.boundaries(),
    notes: [
      ...notes,
      ...(ended === null ? [] : [ended]),
      ...(hidden === 0 ? [] : [`${hidden} more kinds of failure were not shrunk and are not shown`]),
      ...(strict && fatal.some((f) => f.predicted)
        ? [`--strict: what ${profile.name} is known for fails the run, too`]
        : []),
      ...(ledger.skipped > 0 ? [`the subject skipped ${counted(ledger.skipped, "message")}`] : []),
      ...(ledger.untold > 0
        ? [
            `of ${ledger.untold} accepted messages only the verdict was compared: the subject did not tell its map`,
          ]
        : []),
    ],
  });
}

/** If failure A needs a subset of the unusual features of failure B, B is attributed to A's rule. */
function explain(profile: Profile, failures: readonly FailureClass[]): void {
  const unusual = new Map(failures.map((f) => [f, odditiesOf(profile, f.question.message)]));
  const unusualIn = (f: FailureClass) => unusual.get(f) as readonly RuleId[];
  for (const f of failures) {
    const cause = failures.find(
      (g) =>
        unusualIn(g).length > 0 &&
        unusualIn(g).length < unusualIn(f).length &&
        alike(g, f) &&
        unusualIn(g).every((rule) => unusualIn(f).includes(rule)),
    );
    if (cause !== undefined) f.rule = cause.rule;
  }
}

/** Whether both failures are the same apart from numbers. */
export const alike = (now: Pick<Failure, "kind" | "actual">, f: FailureClass): boolean =>
  now.kind === f.kind && sameness(now.actual) === sameness(f.actual);

/** One failure for each rule, kind and answer, the shortest message of them. */
function distinct(failures: readonly FailureClass[]): FailureClass[] {
  const shortest = new Map<string, FailureClass>();
  for (const f of failures) {
    const key = failureKey(f);
    const known = shortest.get(key);
    if (known === undefined || f.question.message.length < known.question.message.length)
      shortest.set(key, f);
  }
  return [...shortest.values()];
}

/** The subject and the run. */
type Asked = Pick<ParserFacts, "subject" | "seed" | "fmapspec">;

/** A finding for a report. `circumstances`: the question as JSON. */
export function finding(
  profile: Profile,
  facts: Asked,
  f: FindingClass,
  circumstances: Circumstances = questionToJson(f.question),
): Finding {
  const failure = { ...f, rule: f.rule ?? "fmap/map/simple", kind: "finding", actual: f.what } as const;
  return {
    rule: f.rule,
    what: f.what,
    predicted: f.rule !== null,
    messages: f.messages,
    counterexample: counterexample(profile, facts, failure, circumstances),
  };
}

/** The fields of a counterexample that describe the question. */
type Circumstances = Pick<
  Counterexample,
  "message" | "failAllocation" | "scene" | "resolve" | "answers" | "daxdev" | "opens"
>;

/** A failure for a report. `circumstances`: the question as JSON. */
export function counterexample(
  profile: Profile,
  { subject, seed, fmapspec }: Asked,
  f: Failure,
  circumstances: Circumstances = questionToJson(f.question),
): Counterexample {
  const { question, recipe } = f;
  return {
    format: "fmapspec-counterexample",
    version: 1,
    profile: profile.name,
    rule: f.rule,
    kind: f.kind,
    ...circumstances,
    decoded: decodeMessage(question.message, profile.fmapSizeField),
    expected: verdictToJson(parseFmap(profile, question.message, question)),
    ...(f.expectedText === undefined ? {} : { expectedText: f.expectedText }),
    actual: f.actual,
    subject,
    seed,
    ...(recipe === null ? {} : { recipe }),
    versions: versionsWith(fmapspec),
    ...(f.repeats === undefined ? {} : { repeats: f.repeats }),
  };
}
