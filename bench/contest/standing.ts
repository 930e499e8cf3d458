/** What the tries of all finders come to. */
import { type Curve, type Figure, type Goal, median, type Try } from "../part.ts";

function figuresOf({ finder, tries }: Curve, goals: boolean): Figure[] {
  const figure = (what: string, unit: string, value: number, goal?: Goal): Figure => ({
    id: `contest/${finder}/${what}`,
    unit,
    value,
    ...(goals && goal !== undefined ? { goal } : {}),
  });
  const killed = tries.filter((t) => t.found);
  const all = figure("killed", `of ${tries.length}`, killed.length, { atLeast: tries.length });
  if (killed.length === 0) return [all];
  const executions = killed.map((t) => t.executions);
  // From the patch to the difference: compiled, started, found.
  const wall = killed.map((t) => t.compileSeconds + t.seconds);
  const cpu = killed.map((t) => t.compileCpu + t.cpu);
  return [
    all,
    figure("executions, median", "", median(executions), { atMost: 50 }),
    figure("executions, most", "", Math.max(...executions), { atMost: 20_000 }),
    figure("time, median", "s", median(wall)),
    figure("time, longest", "s", Math.max(...wall), { atMost: 3 }),
    figure("CPU time, median", "s", median(cpu)),
    figure("CPU time, most", "s", Math.max(...cpu)),
  ];
}

/** The middle of the tries in executions; a mutant left alive is behind all others. */
const middle = (tries: readonly Try[]) =>
  median(tries.map((t) => (t.found ? t.executions : Number.POSITIVE_INFINITY)));

/** How many times the executions of ours each other takes, in the median of the mutants that it had. */
function ratios(ours: Curve, others: readonly Curve[]): Figure[] {
  return others.flatMap(({ finder, tries }): Figure[] => {
    const had = new Set(tries.map((t) => t.mutant));
    const value = middle(tries) / middle(ours.tries.filter((t) => had.has(t.mutant)));
    if (!Number.isFinite(value)) return [];
    const goal = finder.includes("empty") ? 100 : finder.includes("valid") ? 3 : null;
    const id = `contest/executions of ${finder} to ours, medians`;
    return [{ id, unit: "times", value, ...(goal === null ? {} : { goal: { atLeast: goal } }) }];
  });
}

/** The finder that goals are for. */
export const OURS = "fmapspec quick";

export function standing(curves: readonly Curve[]): Figure[] {
  const ours = curves.find(({ finder }) => finder === OURS);
  const others = curves.filter((c) => c !== ours);
  return [
    ...curves.flatMap((c) => figuresOf(c, c === ours)),
    ...(ours === undefined ? [] : ratios(ours, others)),
  ];
}
