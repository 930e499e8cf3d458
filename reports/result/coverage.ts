import { counted } from "../../base/counted.ts";
import type { ParserReport } from "../../suites/index.ts";

type Coverage = NonNullable<ParserReport["coverage"]>;
type Missed = Coverage["missed"][number];

/** How much of a parser's own source was reached, in one line. */
export const coverageLine = ({ lines, branches }: Coverage): string =>
  `${lines.reached} of ${counted(lines.all, "line")} and ${branches.reached} of ${counted(branches.all, "branch", "branches")} of the source reached`;

/** Where it was not reached: `famfs.c:157`. */
export const missedAt = ({ file, line }: Missed): string => `${file}:${line}`;

/** What was not reached there, and why. */
export const missedWhy = ({ branches, reason }: Missed): string =>
  `${branches === null ? "not reached" : `${branches.reached} of ${branches.all} branches reached`}; ${reason ?? "no reason known"}`;

/** Lines without a reason first: there somebody has to look. */
export const byReason = ({ missed }: Coverage): readonly Missed[] => [
  ...missed.filter((m) => m.reason === null),
  ...missed.filter((m) => m.reason !== null),
];

/** What a guided run went by, in one line. */
export const searchLine = ({ features, kept, keptForSource }: NonNullable<ParserReport["search"]>): string =>
  `guided by ${counted(kept, "message")} that reached something new, ${keptForSource} of them in the source; the oracle told ${counted(features, "behaviour")} apart`;
