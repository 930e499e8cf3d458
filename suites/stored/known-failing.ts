import picomatch from "picomatch";
import { UsageError } from "../../base/errors.ts";
import { RULES, type RuleId } from "../../spec/index.ts";
import type { DaemonReport } from "../daemon/outcome.ts";
import { withDaemonVerdict } from "../daemon/verdict.ts";
import type { ParserReport } from "../parser/outcome.ts";
import { withParserVerdict } from "../parser/verdict.ts";
import { type Counterexample, exampleRules, type RuleOutcome } from "../run/outcome.ts";
import { onlyWarns } from "../run/verdict.ts";
import { expectation } from "../run/verdict-json.ts";

/** A failure that is known and tolerated, with the bug that it waits for. */
export interface KnownFailure {
  /** Glob over rule ids. */
  readonly pattern: string;
  /** What the failure's message begins with: `expected EINVAL, got accepted`. */
  readonly prefix: string;
  readonly link: string;
}

/** The failures that do not count in a run. */
export interface Expectations {
  /** These fail each time: one that passes fails the run. */
  readonly known: readonly KnownFailure[];
  /** These come and go: one that passes is nothing. */
  readonly quarantined: readonly KnownFailure[];
}

/** A failure as far as an expectation looks at it. */
interface Failing {
  readonly rule: RuleId;
  readonly message: string;
}

/** What a subject said on stderr may go on for lines, and may hold what separates the parts of a line of the file. */
const firstPart = (message: string) => message.replace(/(\s+#\s|\n).*/s, "");

/** In one line how a counterexample fails; what a known failure's prefix is held against. */
export function failureMessage(c: Counterexample): string {
  const expected = c.expectedText ?? expectation(c.expected);
  return firstPart(
    `expected ${expected}, got ${c.kind === "verdict" || c.kind === "map" ? c.actual : `${c.kind}: ${c.actual}`}`,
  );
}

const failingOf = (c: Counterexample): Failing => ({ rule: c.rule, message: failureMessage(c) });

const daemonFailing = ({ rule, detail }: DaemonReport["failures"][number]): Failing => ({
  rule,
  message: firstPart(detail),
});

/** The link that a new file of known failures has until somebody puts the bug's own there. */
const PLACEHOLDER = "https://link-to-the-bug.invalid";

/**
 * Reads `pattern # message prefix # link` lines; `file` is for messages. `rewriting`: the file is about to be written again,
 * so links may still be missing. Throws UsageError naming the line.
 */
export function parseKnownFailures(text: string, file: string, rewriting = false): KnownFailure[] {
  const known: KnownFailure[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [pattern, prefix, link, ...more] = line.split(/\s+#\s+/).map((part) => part.trim());
    if (!pattern || prefix === undefined || link === undefined || more.length > 0)
      throw new UsageError(`${file}:${i + 1}: 'pattern  # message prefix  # link' was expected`);
    if (!/^https?:\/\/\S+$/.test(link))
      throw new UsageError(`${file}:${i + 1}: '${link}' is no link to a bug; one is compulsory`);
    if (link === PLACEHOLDER && !rewriting)
      throw new UsageError(
        `${file}:${i + 1}: ${link} is what --update-known writes: put the link to the bug there, or mend it and take the line out`,
      );
    const matches = picomatch(pattern);
    if (!RULES.some((r) => matches(r.id)))
      throw new UsageError(`${file}:${i + 1}: ${pattern} matches no rule; fmapspec list shows them`);
    known.push({ pattern, prefix, link });
  }
  return known;
}

/** The expectations, ready to be looked up. */
function lookup({ known, quarantined }: Expectations, { shard }: Pick<ParserReport["run"], "shard">) {
  const ready = (list: readonly KnownFailure[]) => list.map((k) => ({ ...k, matches: picomatch(k.pattern) }));
  const [listed, isolated] = [ready(known), ready(quarantined)];
  const among = (list: typeof listed, f: Failing) =>
    list.find((k) => k.matches(f.rule) && f.message.startsWith(k.prefix))?.link;
  /** Why a failure does not count; null: it does. */
  const excuse = (f: Failing): string | null => {
    const link = among(isolated, f);
    return among(listed, f) ?? (link === undefined ? null : `quarantined: ${link}`);
  };
  const outcome = (r: RuleOutcome, shown: readonly Failing[]): RuleOutcome => {
    const entry = listed.find((k) => k.matches(r.rule));
    // A shard that did not see it fail proves nothing.
    if (r.outcome === "passed" && entry !== undefined && shard === null)
      return { ...r, outcome: "unexpected-pass", reason: `listed as known to fail: ${entry.link}` };
    const excuses = shown.map(excuse);
    if ((r.outcome !== "failed" && r.outcome !== "warning") || excuses.length === 0 || excuses.includes(null))
      return r;
    return { ...r, outcome: "expected-failure", reason: [...new Set(excuses)].join(", ") };
  };
  return { excuse, outcome };
}

/** The report with known failures marked: they do not fail the run, and one that passes does unless it is in quarantine. */
export function applyKnownFailures(report: ParserReport, expectations: Expectations): ParserReport {
  const { excuse, outcome } = lookup(expectations, report.run);
  const rules = report.rules.map((r) =>
    outcome(r, report.counterexamples.filter((c) => exampleRules(r).includes(c.rule)).map(failingOf)),
  );
  const counterexamples = report.counterexamples.filter((c) => excuse(failingOf(c)) === null);
  return withParserVerdict({ ...report, rules, counterexamples });
}

/** The same of a report over a daemon. */
export function applyToDaemon(report: DaemonReport, expectations: Expectations): DaemonReport {
  const { excuse, outcome } = lookup(expectations, report.run);
  const rules = report.rules.map((r) =>
    outcome(r, report.failures.filter((f) => f.rule === r.rule).map(daemonFailing)),
  );
  const { session, ...rest } = report;
  const counts = (f: Failing) => excuse(f) === null;
  return withDaemonVerdict({
    ...rest,
    rules,
    failures: report.failures.filter((f) => counts(daemonFailing(f))),
    ...(session !== undefined && counts(daemonFailing(session)) ? { session } : {}),
  });
}

/** The known-failures file that lists exactly what failed; links of the old one are kept where the rule is the same. */
export function renderKnownFailures(
  report: ParserReport | DaemonReport,
  old: readonly KnownFailure[],
): string {
  const failing = "failures" in report ? counted(report) : report.counterexamples.map(failingOf);
  const lines = failing.map(({ rule, message }) => {
    const link = old.find((k) => picomatch(k.pattern)(rule))?.link ?? PLACEHOLDER;
    return `${rule}  # ${message}  # ${link}`;
  });
  return `# pattern  # message prefix  # link\n${[...new Set(lines)].sort().join("\n")}\n`;
}

const counted = ({ failures }: DaemonReport) => failures.filter((f) => !onlyWarns(f.rule)).map(daemonFailing);
