/** What reports and journals lack that versions before this one stored, before there were verdicts with reasons. */
import picomatch from "picomatch";
import { sealed } from "../../base/digest.ts";
import type { DaemonReport, DaemonState } from "../daemon/outcome.ts";
import type { DaemonJournal } from "../daemon/states.ts";
import { withDaemonVerdict } from "../daemon/verdict.ts";
import type { ParserReport } from "../parser/outcome.ts";
import { withParserVerdict } from "../parser/verdict.ts";
import type { RuleOutcome } from "../run/outcome.ts";
import { onlyWarns, type Unchecked } from "../run/verdict.ts";
import type { StoredDocument } from "./document.ts";

/** The document as this version would have stored it. */
export function upToDate(document: StoredDocument): StoredDocument {
  if (document.format === "fmapspec-journal")
    return document.suite === "parser" || "scope" in document.run
      ? document
      : sealed(daemonJournal(document));
  if (Object.hasOwn(document, "verdict")) return document;
  return sealed(document.format === "fmapspec-report" ? parserReport(document) : daemonReport(document));
}

/** What did not pass, and with nothing that failed, was called so because nothing could be tested. */
const untold = (passed: boolean, complete: boolean): Unchecked[] =>
  passed || !complete ? [] : [{ what: "what was asked", why: "nothing could be tested" }];

function parserReport(old: ParserReport): ParserReport {
  const { filter } = old.run;
  const matches = filter.length === 0 ? () => true : picomatch([...filter]);
  const rules = old.rules.map((r): RuleOutcome => {
    if (r.outcome === "not-run" && !matches(r.rule)) return { ...r, outcome: "not-applicable" };
    return r;
  });
  return withParserVerdict({ ...old, rules, unchecked: untold(old.passed, old.complete) });
}

const warned = (r: RuleOutcome): RuleOutcome =>
  r.outcome === "failed" && onlyWarns(r.rule) ? { ...r, outcome: "warning" } : r;

function daemonReport(old: DaemonReport): DaemonReport {
  return withDaemonVerdict({
    ...old,
    ...(old.state === undefined ? {} : { state: daemonState(old.state) }),
    run: { ...old.run, scope: "famfs" },
    famfs: famfsOf(old.tree),
    rules: old.rules.map(warned),
    unchecked: untold(old.passed, old.complete),
  });
}

/** A file with a map was served to a kernel that had agreed on it; without one nothing tells. */
const famfsOf = ({ mapped }: DaemonReport["tree"]): DaemonReport["famfs"] =>
  mapped > 0 ? "agreed" : "unknown";

const daemonState = (old: DaemonState): DaemonState => ({
  ...old,
  famfs: famfsOf(old.tree),
  unchecked: [],
});

const daemonJournal = (old: DaemonJournal): DaemonJournal => ({
  ...old,
  run: { ...old.run, scope: "famfs" },
  state: daemonState(old.state),
});
