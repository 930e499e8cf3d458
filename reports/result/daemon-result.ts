import { parseFmap } from "../../oracles/index.ts";
import { type Profile, profileNamed } from "../../spec/index.ts";
import type { DaemonFailure } from "../../suites/daemon/ledger.ts";
import { isOfMap } from "../../suites/daemon/requirement-failure.ts";
import type { DaemonReport, RuleOutcome } from "../../suites/index.ts";
import { flakiness } from "../../suites/run/repeats.ts";
import { dissect } from "../exchange/exchange.ts";
import { faultInMap } from "../exchange/fault-place.ts";
import { word } from "../shell.ts";
import { completion, factsOf, type Result, type Shown, type TestResult } from "./result.ts";

/** A daemon that breaks this one went away or died. */
const ALIVE = "daemon/life/stays";

/** Where a failure of the report is stored, relative to where the user stands. */
export type DaemonStoredAt = (failure: DaemonFailure) => string;

/** The daemon's report as the writers see it. `stored`: where the report is. */
export function daemonResult(report: DaemonReport, stored: string, storedAt: DaemonStoredAt): Result {
  const tests = report.rules.map((r) => ruleTest(r, report, storedAt));
  return {
    suite: "daemon",
    profile: report.profile,
    level: report.level,
    seed: report.seed,
    version: report.fmapspec,
    subject: report.subject.command.join(" "),
    conclusion: report,
    complete: report.complete,
    seconds: report.seconds,
    tests: [...tests, completion({ complete: report.complete, conclusion: report })],
    boundaries: null,
    coverage: null,
    extent: extentOf(report),
    notes: report.notes,
    stored,
    document: report,
  };
}

/** What there was to ask, and how many random sessions were played. */
export function extentOf({ tree, sessions }: DaemonReport): string {
  const played =
    sessions === undefined || sessions.planned === 0
      ? ""
      : `, ${sessions.played} of ${sessions.planned} random sessions`;
  return `${tree.nodes} nodes, ${tree.files} files, ${tree.mapped} with a map that the kernel takes${played}`;
}

function ruleTest(r: RuleOutcome, report: DaemonReport, storedAt: DaemonStoredAt): TestResult {
  const shown = report.failures.filter((f) => f.rule === r.rule).map((f) => shownOf(f, report, storedAt));
  const about = { ...factsOf(r.rule, report.profile), checks: r.messages, failed: r.failed, shown };
  if (r.outcome !== "failed") return { ...about, outcome: r.outcome, reason: r.reason ?? null };
  return { ...about, outcome: r.rule === ALIVE ? "broken" : "failed", reason: r.reason ?? null };
}

function shownOf(f: DaemonFailure, report: DaemonReport, storedAt: DaemonStoredAt): Shown {
  const stored = storedAt(f);
  const profile = profileNamed(report.profile) as Profile;
  const message = isOfMap(f.rule) && f.reply !== undefined ? Buffer.from(f.reply, "hex") : null;
  return {
    profile: report.profile,
    kind: "requirement",
    message: message === null ? null : (f.reply ?? null),
    expected: factsOf(f.rule, report.profile).sentence,
    actual: f.detail,
    mark: message === null ? null : faultInMap(message, f.rule, profile),
    map: message === null ? null : mapOf(message, profile),
    path: f.path ?? null,
    ...(f.request === undefined && f.reply === undefined ? {} : { exchange: dissect(f, profile) }),
    request: f.request ?? null,
    reply: message === null ? (f.reply ?? null) : null,
    flaky: f.rule === report.session?.rule ? flakiness(report.session.repeats) : null,
    reproduce: `fmapspec replay ${word(stored)}`,
    stored,
  };
}

/** The map that the kernel has of the message; null: it refuses it. */
function mapOf(message: Uint8Array, profile: Profile): Shown["map"] {
  const judged = parseFmap(profile, message);
  return judged.verdict === "accept" ? judged.map : null;
}
