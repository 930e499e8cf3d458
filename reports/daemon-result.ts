import { parseFmap, strict } from "../oracles/index.ts";
import { type Profile, profileNamed } from "../spec/index.ts";
import type { DaemonFailure } from "../suites/daemon/ledger.ts";
import type { DaemonReport, RuleOutcome } from "../suites/index.ts";
import { completion, factsOf, type Result, type Shown, type TestResult } from "./result.ts";
import { word } from "./shell.ts";

/** Requests of this group are none that a kernel sends; what they find fails no run. */
const REPORTED_ONLY = "robustness/";

/** The requirement that the strict oracle can show the byte of. */
const OVERLAP = "daemon/fmap/no-overlap-in-file";

/** A daemon that breaks this one went away or died. */
const ALIVE = "daemon/life/stays";

/** How a failure is seen again. */
interface Again {
  /** Path of the stored session; null: there is none. */
  readonly session: string | null;
  /** The command line of the whole run. */
  readonly run: string;
}

/**
 * The daemon's report as the writers see it.
 * `stored`, `session`: where the report is, and the session that failed if one did; `given`: the options of the run that the
 * report does not hold, as words of its command line.
 */
export function daemonResult(
  report: DaemonReport,
  stored: string,
  session: string | null,
  given: readonly string[],
): Result {
  const again = { session, run: commandLine(report, given) };
  const tests = report.rules.map((r) => ruleTest(r, report, again));
  const { nodes, files, mapped } = report.tree;
  return {
    suite: "daemon",
    profile: report.profile,
    level: report.level,
    seed: report.seed,
    version: report.fmapspec,
    subject: report.subject.command.join(" "),
    passed: report.passed,
    complete: report.complete,
    seconds: report.seconds,
    tests: [...tests, completion(report, tests)],
    boundaries: null,
    extent: `${nodes} nodes, ${files} files, ${mapped} with a map that the kernel takes`,
    notes: report.notes,
    stored,
    document: report,
  };
}

function ruleTest(r: RuleOutcome, report: DaemonReport, again: Again): TestResult {
  const shown = report.failures.filter((f) => f.rule === r.rule).map((f) => shownOf(f, report, again));
  const about = { ...factsOf(r.rule, report.profile), checks: r.messages, failed: r.failed, shown };
  if (r.outcome !== "failed") return { ...about, outcome: r.outcome, reason: r.reason ?? null };
  if (r.rule.startsWith(REPORTED_ONLY))
    return { ...about, outcome: "expected-failure", reason: "no kernel sends this: reported, not required" };
  return { ...about, outcome: r.rule === ALIVE ? "broken" : "failed", reason: r.reason ?? null };
}

/** What is found in a map is told with the map's own message as its reply. */
const OF_A_MAP = "daemon/fmap/";

function shownOf(f: DaemonFailure, report: DaemonReport, again: Again): Shown {
  const session = report.session?.rule === f.rule ? again.session : null;
  const message = f.rule.startsWith(OF_A_MAP) ? (f.reply ?? null) : null;
  return {
    profile: report.profile,
    kind: "requirement",
    message,
    expected: factsOf(f.rule, report.profile).sentence,
    actual: f.detail,
    ...judged(message, f, report),
    path: f.path ?? null,
    request: f.request ?? null,
    reply: message === null ? (f.reply ?? null) : null,
    reproduce: session === null ? again.run : `fmapspec replay ${word(session)}`,
    stored: session,
  };
}

/** Where the kernel refuses the message; or the map that it has of it, and the byte that makes two ranges overlap. */
function judged(
  message: string | null,
  { rule }: DaemonFailure,
  report: DaemonReport,
): Pick<Shown, "mark" | "map"> {
  if (message === null) return { mark: null, map: null };
  const profile = profileNamed(report.profile) as Profile;
  const bytes = Buffer.from(message, "hex");
  const v = parseFmap(profile, bytes);
  if (v.verdict !== "accept") {
    const said = v.verdict === "reject" ? v.errno : v.verdict;
    return { mark: { offset: v.offset, text: `${said} ${v.rule}` }, map: null };
  }
  const [overlap] = rule === OVERLAP ? strict(profile, bytes, ["ranges-apart"]) : [];
  const mark = overlap === undefined ? null : { offset: overlap.at, text: overlap.detail };
  return { mark, map: v.map };
}

/** The command line that runs the same thing again. */
function commandLine({ profile, level, seed, subject }: DaemonReport, given: readonly string[]): string {
  const options = [
    `--profile ${profile}`,
    ...(level === "quick" ? [] : [`--level ${level}`]),
    `--seed ${seed}`,
    ...(subject.channel === "auto" ? [] : [`--channel ${subject.channel}`]),
    ...(subject.via === "direct" ? [] : [`--via ${subject.via}`]),
    ...given.map(word),
    ...(subject.user === undefined ? [] : [`--user ${word(subject.user)}`]),
  ];
  return `fmapspec daemon ${options.join(" ")} -- ${subject.command.map((w) => word(w)).join(" ")}`;
}
