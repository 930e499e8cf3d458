import {
  type Conclusion,
  conclude,
  type Judged,
  judgedRule,
  type Unchecked,
  withVerdict,
} from "../run/verdict.ts";
import type { DaemonReport } from "./outcome.ts";
import { FAMFS } from "./scope.ts";

/** A report as far as its verdict rests on it. */
type DaemonFindings = Pick<
  DaemonReport,
  "profile" | "run" | "complete" | "famfs" | "unchecked" | "tree" | "rules"
>;

const CALLED: Readonly<Record<string, string>> = {
  "daemon/init": "INIT",
  "daemon/reply": "replies",
  "daemon/notify": "notifications",
  "daemon/tree": "the tree",
  "daemon/directory": "directories",
  "daemon/fmap": "maps",
  "daemon/daxdev": "daxdevs",
  "daemon/intent": "what the daemon is meant to serve",
  "daemon/change": "what it serves after a change",
  "daemon/life": "the daemon's life",
  robustness: "requests that no kernel sends",
};

const isLeftOut = (group: string, { scope, expect, mutation }: DaemonFindings["run"]): boolean =>
  (scope === "fuse" && FAMFS.includes(`${group}/`)) ||
  (expect === null && group === "daemon/intent") ||
  (mutation === undefined && group === "daemon/change");

/** The outcomes of a daemon's report. */
const judgedOfDaemon = ({ rules }: Pick<DaemonReport, "rules">): Judged[] => rules.map(judgedRule);

/** The verdict on what a run over a daemon found. */
function concludeFindings(findings: DaemonFindings): Conclusion {
  const { scope, shard, filter = [] } = findings.run;
  return conclude(judgedOfDaemon(findings), {
    unchecked: [...findings.unchecked, ...uncheckedOf(findings)],
    // What the options left out is a limit of the run and none of the daemon.
    called: (group) => (isLeftOut(group, findings.run) ? null : (CALLED[group] ?? null)),
    narrowed: filter.length > 0,
    limits: [
      ...(scope === "fuse" ? ["only what every FUSE daemon owes the kernel (--scope fuse)"] : []),
      ...(filter.length === 0 ? [] : [`only requirements that match ${filter.join(", ")}`]),
      ...(shard === null ? [] : [`shard ${shard.i} of ${shard.n} of a run`]),
    ],
    complete: findings.complete,
    part: shard !== null,
  });
}

/** What a verdict on a famfs daemon needs beside its requirements. */
function uncheckedOf({ profile, run, complete, famfs, tree }: DaemonFindings): Unchecked[] {
  if (run.scope === "fuse") return [];
  if (famfs === "agreed" && tree.mapped === 0)
    return [{ what: "maps", why: `the daemon serves no map that the kernel of ${profile} takes` }];
  if (famfs === "declined")
    return [
      {
        what: "famfs",
        why: `the daemon declined FUSE_DAX_FMAP, so no kernel of ${profile} would ask it for a map`,
      },
    ];
  return famfs === "unknown" && complete
    ? [{ what: "famfs", why: "it is not known whether the daemon takes part in FUSE_DAX_FMAP" }]
    : [];
}

/** The report with the verdict on what it holds; a verdict that it had before is replaced. */
export function withDaemonVerdict(report: Omit<DaemonReport, keyof Conclusion | "passed">): DaemonReport {
  const conclusion = concludeFindings(report);
  return withVerdict(report, conclusion);
}
