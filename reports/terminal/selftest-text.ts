import { counted } from "../../base/counted.ts";
import { type Fate, KINDS, type Kind, type SelftestReport } from "../../suites/index.ts";
import type { Paint } from "../line.ts";

const nameOf = ({ kind, name }: Fate) => `${kind}/${name}`;

/** What became of a mutant, on one line. */
function renderFate(f: Fate, paint: Paint): string {
  const verdict = f.right ? paint("green", "ok   ") : paint("red", "WRONG");
  return `${verdict} ${nameOf(f)}: ${fate(f)}`;
}

function fate({ kind, rules, messages, witness, seconds, tries, contradiction }: Fate): string {
  if (contradiction !== undefined) return contradiction;
  if (rules.length === 0) return "survives";
  const asked = kind === "daemon" ? "requests" : "messages";
  const after = messages === null ? "" : ` after ${messages} ${asked}`;
  const shrunk =
    witness === null ? "" : `, ${kind === "daemon" ? "shown by" : "shrunk to"} ${counted(witness, "byte")}`;
  const again = tries === undefined ? "" : `, in try ${tries}`;
  return `caught${after}${again}, ${seconds.toFixed(2)} s${shrunk}, breaks ${rules.join(", ")}`;
}

/** What a person reads at the end: what is not where it belongs, what is equivalent and why, and the counts. */
export function renderSelftest(report: SelftestReport, verbose: boolean, paint: Paint): string {
  const { mutants, unproven } = report;
  const wrong = mutants.filter((f) => !f.right);
  const equivalent = mutants.filter((f) => f.equivalent !== null);
  const bad = wrong.length + unproven.length;
  return [
    ...(verbose ? mutants : wrong).map((f) => renderFate(f, paint)),
    ...equivalent.map((f) => `equivalent: ${nameOf(f)}: ${f.equivalent}${worlds(f)}`),
    "",
    ...byKind(mutants).map(([kind, fates]) => summary(kind, fates)),
    ...unproven.map((rule) => `${paint("red", "WRONG")} no mutant breaks ${rule} and nothing else`),
    ...(report.complete ? [] : ["interrupted: not every mutant was tried"]),
    ...(bad > 0 ? [paint("red", `${bad} are not where they belong`)] : []),
    ...(report.passed ? [paint("green", "every mutant is where it belongs")] : []),
    "",
  ].join("\n");
}

/** The kinds that there are mutants of, with these. */
export const byKind = (fates: readonly Fate[]): (readonly [Kind, readonly Fate[]])[] =>
  KINDS.map((kind) => [kind, fates.filter((f) => f.kind === kind)] as const).filter(
    ([, of]) => of.length > 0,
  );

export const worlds = ({ worlds: n }: Fate): string =>
  n === undefined ? "" : ` (${counted(n, "message")} of small worlds answered alike)`;

/** How many of a kind were caught, and how late. */
export function summary(kind: Kind, fates: readonly Fate[], withTimes = true): string {
  const killed = fates.filter((f) => f.rules.length > 0);
  const counts = `${kind}: ${counted(fates.length, "mutant")}, ${killed.length} caught, ${fates.length - killed.length} not`;
  const timed = killed.flatMap((f) => (f.messages === null ? [] : [{ ...f, messages: f.messages }]));
  const [first] = timed;
  if (first === undefined) return counts;
  const last = timed.reduce((a, b) => (b.messages > a.messages ? b : a), first);
  const asked = kind === "daemon" ? "requests" : "messages";
  const seconds = killed.map((f) => f.seconds);
  const time = withTimes
    ? `, ${median(seconds).toFixed(2)} s, at most ${Math.max(...seconds).toFixed(2)} s`
    : "";
  const half = median(timed.map((f) => f.messages));
  return `${counts}; median ${half} ${asked}${time}; last ${last.name} after ${last.messages} ${asked}`;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
