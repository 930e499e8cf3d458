import picomatch from "picomatch";
import { RULES } from "../spec/index.ts";
import { UsageError } from "./failure.ts";
import { type Counterexample, type ParserReport, type RuleOutcome, shownBy } from "./outcome.ts";
import { expectation } from "./verdict-json.ts";

/** A failure that is known and tolerated, with the bug that it waits for. */
export interface KnownFailure {
  /** Glob over rule ids. */
  readonly pattern: string;
  /** What the failure's message begins with: `expected EINVAL, got accepted`. */
  readonly prefix: string;
  readonly link: string;
}

/** In one line how a counterexample fails; what a known failure's prefix is held against. */
export function failureMessage(c: Counterexample): string {
  const expected = c.expectedText ?? expectation(c.expected);
  const message = `expected ${expected}, got ${c.kind === "verdict" || c.kind === "map" ? c.actual : `${c.kind}: ${c.actual}`}`;
  // What a driver said on stderr may go on for lines, and may hold what separates the parts of a line of the file.
  return message.replace(/(\s+#\s|\n).*/s, "");
}

/** Reads `pattern # message prefix # link` lines; `file` is for messages. Throws UsageError naming the line. */
export function parseKnownFailures(text: string, file: string): KnownFailure[] {
  const known: KnownFailure[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [pattern, prefix, link, ...more] = line.split(/\s+#\s+/).map((part) => part.trim());
    if (!pattern || prefix === undefined || link === undefined || more.length > 0)
      throw new UsageError(`${file}:${i + 1}: 'pattern  # message prefix  # link' was expected`);
    if (!/^https?:\/\/\S+$/.test(link))
      throw new UsageError(`${file}:${i + 1}: '${link}' is no link to a bug; one is compulsory`);
    const matches = picomatch(pattern);
    if (!RULES.some((r) => matches(r.id)))
      throw new UsageError(`${file}:${i + 1}: ${pattern} matches no rule; fmapspec list shows them`);
    known.push({ pattern, prefix, link });
  }
  return known;
}

/**
 * The report with known failures marked: they do not fail the run, and one that passes does.
 * `strict`: findings that the profile predicts fail the run, too.
 */
export function applyKnownFailures(
  report: ParserReport,
  known: readonly KnownFailure[],
  strict: boolean,
): ParserReport {
  const listed = known.map((k) => ({ ...k, matches: picomatch(k.pattern) }));
  const isKnown = (c: Counterexample) =>
    listed.some((k) => k.matches(c.rule) && failureMessage(c).startsWith(k.prefix));
  const rules = report.rules.map((r): RuleOutcome => {
    const entry = listed.find((k) => k.matches(r.rule));
    // A shard that did not see it fail proves nothing.
    if (r.outcome === "passed" && entry !== undefined && report.run.shard === null)
      return { ...r, outcome: "unexpected-pass", reason: `listed as known to fail: ${entry.link}` };
    const shown = report.counterexamples.filter((c) => shownBy(r).includes(c.rule));
    if (r.outcome !== "failed" || shown.length === 0 || !shown.every(isKnown)) return r;
    return { ...r, outcome: "expected-failure", reason: entry?.link ?? (r.reason as string) };
  });
  const before = report.counterexamples.length + report.findings.filter((f) => !f.predicted || strict).length;
  const after = before - report.counterexamples.filter(isKnown).length;
  const bad = rules.some((r) => r.outcome === "failed" || r.outcome === "unexpected-pass");
  return {
    ...report,
    rules,
    counterexamples: report.counterexamples.filter((c) => !isKnown(c)),
    passed: !bad && (report.passed || (before > 0 && after === 0)),
  };
}

/** The known-failures file that lists exactly what failed; `links` of the old one are kept where the rule is the same. */
export function renderKnownFailures(report: ParserReport, old: readonly KnownFailure[]): string {
  const lines = report.counterexamples.map((c) => {
    const link = old.find((k) => picomatch(k.pattern)(c.rule))?.link ?? "https://link-to-the-bug.invalid";
    return `${c.rule}  # ${failureMessage(c)}  # ${link}`;
  });
  return `# pattern  # message prefix  # link\n${[...new Set(lines)].sort().join("\n")}\n`;
}
