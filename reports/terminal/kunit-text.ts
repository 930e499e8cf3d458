import type { KunitReport } from "../../suites/index.ts";
import type { Conclusion } from "../../suites/run/verdict.ts";
import { paintedVerdict } from "../result/summary.ts";
import type { Paint } from "./paint.ts";

/** KUnit's vectors for a person: failures, what the revision is known for, one line that sums up. */
export function renderKunit(
  { cases, subject, profile, complete, notes }: KunitReport,
  { verdict, reasons }: Conclusion,
  paint: Paint,
): string {
  const failed = cases.filter((c) => c.outcome === "failed");
  const lines = failed
    .filter((c) => !c.isHazard)
    .flatMap((c) => [
      `${paint("red", "FAILED")} ${c.rule}: ${c.id}`,
      ...c.detail.split("\n").map((line) => `  ${line}`),
      `  fmapspec judge --profile ${profile} ${c.message}`,
      "",
    ]);
  const known = failed.filter((c) => c.isHazard).map((c) => `known for ${profile}: ${c.rule} (${c.id})`);
  const ran = cases.filter((c) => c.outcome !== "not-run").length;
  const cut = complete ? "" : `, ${cases.length - ran} not run`;
  return [
    `KUnit in ${subject}, profile ${profile}`,
    "",
    ...lines,
    ...known,
    ...notes.map((note) => `note: ${note}`),
    `${paintedVerdict(verdict, paint)}: ${cases.filter((c) => c.outcome === "passed").length} of ${cases.length} vectors passed${cut}`,
    ...reasons,
    "",
    "",
  ].join("\n");
}
