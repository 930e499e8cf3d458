import { counted } from "../../base/counted.ts";
import { parseFmap } from "../../oracles/index.ts";
import { type Profile, profileNamed } from "../../spec/index.ts";
import type { DaemonFailure } from "../../suites/daemon/outcome.ts";
import { isOfMap } from "../../suites/daemon/requirement-failure.ts";
import type { DaemonReport, RuleOutcome, StoredSession } from "../../suites/index.ts";
import { flakiness } from "../../suites/run/repeats.ts";
import { dissect } from "../exchange/exchange.ts";
import { faultInMap } from "../exchange/fault-place.ts";
import { word } from "../line.ts";
import {
  common,
  type Failure,
  factsOf,
  failureOf,
  type Result,
  resultOf,
  type TestResult,
} from "./result.ts";

/** A daemon that breaks this one went away or died. */
const ALIVE = "daemon/life/stays";

/** Where a failure of the report is stored, relative to where the user stands. */
export type DaemonStoredAt = (failure: DaemonFailure) => string;

/** The daemon's report as the writers see it. `stored`: where the report is. */
export function daemonResult(report: DaemonReport, stored: string, storedAt: DaemonStoredAt): Result {
  const subject = report.subject.command.join(" ");
  return resultOf({
    ...common(report),
    suite: "daemon",
    title: `${subject}, asked as the kernel of ${report.profile} over a ${report.channel} channel (seed ${report.seed})`,
    unit: "check",
    noun: "requirement",
    subject,
    tests: report.rules.map((r) => ruleTest(r, report, storedAt)),
    extent: extentOf(report),
    stored,
  });
}

/** What there was to ask, and how many random sessions were played. */
function extentOf({ tree, sessions }: DaemonReport): string {
  const played =
    sessions === undefined || sessions.planned === 0
      ? ""
      : `, ${sessions.played} of ${counted(sessions.planned, "random session")}`;
  return `${counted(tree.nodes, "node")}, ${counted(tree.files, "file")}, ${tree.mapped} with a map that the kernel takes${played}`;
}

const ruleTest = (r: RuleOutcome, report: DaemonReport, storedAt: DaemonStoredAt): TestResult => ({
  ...factsOf(r.rule, report.profile),
  outcome: r.outcome === "failed" && r.rule === ALIVE ? "broken" : r.outcome,
  reason: r.reason ?? null,
  checks: r.messages,
  failed: r.failed,
  failures: report.failures.filter((f) => f.rule === r.rule).map((f) => failure(f, report, storedAt)),
});

function failure(f: DaemonFailure, report: DaemonReport, storedAt: DaemonStoredAt): Failure {
  const stored = storedAt(f);
  const profile = profileNamed(report.profile) as Profile;
  const session = f.rule === report.session?.rule ? report.session : null;
  const message = isOfMap(f.rule) && f.reply !== undefined ? Buffer.from(f.reply, "hex") : null;
  return failureOf({
    rule: f.rule,
    profile: report.profile,
    kind: "requirement",
    expected: factsOf(f.rule, report.profile).sentence,
    actual: f.detail,
    path: f.path ?? null,
    exchange: f.request === undefined && f.reply === undefined ? null : dissect(f, profile),
    request: f.request ?? null,
    ...(message === null
      ? { reply: f.reply ?? null }
      : {
          message: f.reply as string,
          marks: faultInMap(message, f.rule, profile),
          map: mapOf(message, profile),
        }),
    ...(session !== null && { flaky: flakiness(session.repeats), history: sessionLine(session) }),
    reproduce: `fmapspec replay ${word(stored)}`,
    stored,
  });
}

/** The map that the kernel has of the message; null: it refuses it. */
function mapOf(message: Uint8Array, profile: Profile): Failure["map"] {
  const judged = parseFmap(profile, message);
  return judged.verdict === "accept" ? judged.map : null;
}

/** Steps of a session that are listed; the file has them all. */
const STEPS = 20;

function sessionLine({ steps, repeats, transcript }: StoredSession): string {
  const listed = steps
    .slice(0, STEPS)
    .map((s) => `${s.kind} ${"path" in s ? s.path : "paths" in s ? s.paths.join(", ") : ""}`.trimEnd());
  const more = steps.length > STEPS ? `; and ${steps.length - STEPS} more` : "";
  const start =
    repeats.failed > 0
      ? "on a daemon that was just started"
      : "which did not fail again on a daemon that was just started: what the daemon did before matters, too";
  return `in a session of ${counted(steps.length, "step")} and ${counted(transcript.length, "message")}, ${start}: ${listed.join("; ")}${more}`;
}
