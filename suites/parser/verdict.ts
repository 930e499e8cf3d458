import {
  type Conclusion,
  conclude,
  type Judged,
  judgedRule,
  type Unchecked,
  withVerdict,
} from "../run/verdict.ts";
import type { Ledger } from "./failures/ledger.ts";
import { hazardOutcomes } from "./hazards.ts";
import type { ParserReport } from "./outcome.ts";

/** Id of the test that stands for all findings that no hazard of the profile predicts. */
export const UNPREDICTED = "hazard/unpredicted";

/** The groups of rules by the part of a kernel that they are about, and by what a person calls it. */
const CALLED: readonly (readonly [prefix: string, name: string])[] = [
  ["fmap/", "the parser"],
  ["exchange", "the exchange with the daemon (fuse_get_fmap)"],
  ["install", "the installation of a map on an inode"],
  ["resolve", "the resolution of file offsets"],
  ["hazard", "undefined behaviour and leaks"],
];

type Findings = Pick<
  ParserReport,
  "profile" | "run" | "complete" | "subject" | "messages" | "rules" | "findings" | "unchecked"
>;

/** The outcomes of a report over a parser or a kernel: its rules, and what it was watched for. */
const judgedOfParser = (findings: Omit<Findings, "unchecked" | "complete">): Judged[] => [
  ...findings.rules.map(judgedRule),
  ...hazardOutcomes(findings).map(({ rule: id, outcome, checks, reason }) => ({
    id: id ?? UNPREDICTED,
    group: "hazard",
    level: id === null ? ("MUST" as const) : ("SHOULD" as const),
    outcome,
    checks,
    reason,
  })),
];

/** The verdict on what a run over a parser or a kernel found. */
function concludeFindings(findings: Findings): Conclusion {
  const { filter, shard } = findings.run;
  return conclude(judgedOfParser(findings), {
    unchecked: findings.unchecked,
    called: (group) => CALLED.find(([prefix]) => group.startsWith(prefix))?.[1] ?? null,
    narrowed: filter.length > 0,
    limits: [
      ...(filter.length === 0 ? [] : [`only rules that match ${filter.join(", ")}`]),
      ...(shard === null ? [] : [`shard ${shard.i} of ${shard.n} of a run`]),
    ],
    complete: findings.complete,
    part: shard !== null,
  });
}

/** The report with the verdict on what it holds; a verdict that it had before is replaced. */
export function withParserVerdict(report: Omit<ParserReport, keyof Conclusion | "passed">): ParserReport {
  const conclusion = concludeFindings(report);
  return withVerdict(report, conclusion);
}

/**
 * Share of the messages that a subject may skip. Drivers leave out a few for an honest reason, such as a buffer that is too
 * small; one that skips more was not tested well, even where each rule has an answer.
 */
const MAY_SKIP = 0.1;

/** What a run left unchecked. `ended`: why it ended early; null: it did not. */
export function uncheckedIn(
  { messages, skipped }: Pick<Ledger, "messages" | "skipped">,
  ended: string | null,
): Unchecked[] {
  const rest = ended === null ? [] : [{ what: "the rest of the run", why: ended }];
  if (messages === 0 && ended === null) return [{ what: "every rule", why: "no message was asked" }];
  if (skipped <= MAY_SKIP * messages) return rest;
  return [...rest, { what: `${skipped} of ${messages} messages`, why: "the subject skipped them" }];
}
