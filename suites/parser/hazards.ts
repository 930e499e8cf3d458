import { type HazardId, RULES } from "../../spec/index.ts";
import type { Finding } from "../run/outcome.ts";
import type { Outcome } from "../run/verdict.ts";
import type { ParserReport } from "./outcome.ts";

/** What a run found of one hazard, or of what no hazard of the profile predicts. */
export interface HazardOutcome {
  readonly rule: HazardId | null;
  readonly outcome: Extract<Outcome, "passed" | "failed" | "expected-failure" | "not-applicable">;
  readonly reason: string | null;
  readonly checks: number;
  readonly failed: number;
  readonly found: readonly Finding[];
}

type Watched = Pick<ParserReport, "profile" | "run" | "subject" | "messages" | "findings">;

/** Whether undefined behaviour would be observed: by the sanitizers of a build, or in the kernel's log. */
const isWatched = ({ subject: { kind } }: Pick<Watched, "subject">): boolean =>
  kind === "kernel-source" || kind === "device" || kind === "kernel";

const UNWATCHED = "the subject cannot be watched";

/** One outcome for each hazard that the profile predicts, whether it showed or not, and last one for all that it does not predict. */
export function hazardOutcomes(report: Watched): HazardOutcome[] {
  const watched = isWatched(report);
  const predicted = RULES.filter((r) => r.needs === "observation" && report.profile in r.source).map(
    ({ id }): HazardOutcome => {
      const rule = id as HazardId;
      const found = report.findings.filter((f) => f.rule === rule);
      const messages = sum(found);
      // That a known defect does not show is neither a merit nor something that was left unchecked.
      if (found.length === 0) {
        const reason = watched ? "no message of this run showed it" : UNWATCHED;
        return { rule, outcome: "not-applicable", reason, checks: 0, failed: 0, found };
      }
      return {
        rule,
        outcome: report.run.strict ? "failed" : "expected-failure",
        reason: `${report.profile} is known for it`,
        checks: messages,
        failed: messages,
        found,
      };
    },
  );
  return [...predicted, unpredicted(report, watched)];
}

function unpredicted({ findings, messages }: Watched, watched: boolean): HazardOutcome {
  const found = findings.filter((f) => !f.predicted);
  const checks = watched ? messages : 0;
  const isIdle = found.length === 0 && checks === 0;
  return {
    rule: null,
    outcome: found.length > 0 ? "failed" : isIdle ? "not-applicable" : "passed",
    reason: isIdle ? UNWATCHED : null,
    checks,
    failed: sum(found),
    found,
  };
}

const sum = (findings: readonly Finding[]) => findings.reduce((n, f) => n + f.messages, 0);
