/** docs/performance.md and its pictures: what was measured, put into template.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Machine } from "../machine.ts";
import { median } from "../part.ts";
import type { PartResults, Results } from "../results.ts";
import { rounded } from "../table.ts";
import { bars } from "./bars.ts";
import { race } from "./race.ts";
import { goals, matrices, tableOf } from "./tables.ts";

const TEMPLATE = join(PACKAGE_ROOT, "bench/page/template.md");

/** A picture, and what someone hears of it who does not see it. */
interface Picture {
  readonly file: string;
  readonly alt: string;
  readonly svg: string;
}

function races({ curves = [] }: PartResults): Picture[] {
  const by = (file: string, what: string, unit: string, column: "executions" | "seconds"): Picture => ({
    file,
    alt: `Planted bugs found by ${what}, for each finder`,
    svg: race(`Planted bugs found, by ${what}`, unit, curves, (kill) => kill[column]),
  });
  return [
    by("contest-executions", "executions", "executions", "executions"),
    by("contest-time", "time", "seconds from the finder's start", "seconds"),
  ];
}

function ratios({ figures }: PartResults): Picture[] {
  const shapes = [...new Set(figures.map((f) => f.id.split("/")[1] as string))];
  const series = ["verdict and map", "verdict alone"];
  const value = (id: string) => figures.find((f) => f.id === id)?.value ?? 0;
  const groups = shapes.map((shape) => {
    const ids = series.map((what) => `oracle/${shape}/${what} to C, arena`);
    return [shape, ids.map(value)] as const;
  });
  const goal = { at: 1.6, text: "goal 1.6" };
  const title = "The oracle's time, that of the C parser being 1";
  return [
    {
      file: "oracle-ratio",
      alt: `${title}, by shape of the message`,
      svg: bars(title, series, groups, goal),
    },
  ];
}

const PICTURES: Readonly<Record<string, (part: PartResults) => Picture[]>> = {
  contest: races,
  oracle: ratios,
};

/** Mutants by their numbers, which their names begin with. */
const survivorsOf = ({ curves = [] }: PartResults): string =>
  tableOf(
    ["finder", "patience", "of it CPU time, median", "executions, median", "mutants that it left alive"],
    ["---", "--:", "--:", "--:", "---"],
    curves.map(({ finder, patience, tries }) => {
      const alive = tries.filter((t) => !t.found);
      if (alive.length === 0) return [finder, "", "", "", "none"];
      const middle = (what: "cpu" | "executions") => rounded(median(alive.map((t) => t[what])));
      const numbers = alive.map(({ mutant }) => mutant.slice(0, 3)).join(" ");
      const which = alive.length > 40 ? `${alive.length} of ${tries.length}` : numbers;
      return [finder, `${rounded(patience)} s`, `${middle("cpu")} s`, middle("executions"), which];
    }),
  );

const sentence = (note: string) => `${note.slice(0, 1).toUpperCase()}${note.slice(1)}.`;

/** How far the median of the rounds was above the best of them, in the middle of all figures that have rounds. */
function disturbance({ figures }: PartResults): string {
  const above = figures.flatMap((f) => (f.median === undefined ? [] : [Math.abs(f.median / f.value - 1)]));
  return above.length === 0 ? "" : ` Medians of the rounds: mostly ${rounded(100 * median(above))} % worse.`;
}

function circumstances(part: PartResults): string {
  const ahead = part.scheduling === "fifo" ? ", ahead of all other work (`chrt -f`)" : "";
  return `Measured on ${part.at.slice(0, 10)}, at a load of ${part.load}${ahead}.${disturbance(part)}`;
}

const machineText = ({ cpu, cores, memory, system, node, tools }: Machine): string =>
  `${cpu}, ${cores} cores, ${memory}, ${system}, Node ${node.slice(1)}; ${Object.values(tools).join("; ")}.`;

/** The page, and the pictures that it shows. */
export function performancePage({ machine, parts }: Results): { page: string; pictures: Picture[] } {
  const pictures: Picture[] = [];
  const page = readFileSync(TEMPLATE, "utf8").replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (name === "machine") return machineText(machine);
    const part = parts[name];
    if (part === undefined || part.figures.length === 0) return "Not measured.";
    const pictured = PICTURES[name]?.(part) ?? [];
    pictures.push(...pictured);
    return [
      ...pictured.map(({ alt, file }) => `![${alt}](images/${file}.svg)`),
      ...(part.curves === undefined ? [] : [survivorsOf(part)]),
      ...matrices(part.figures),
      ...goals(name, part.figures),
      ...part.notes.map(sentence),
      circumstances(part),
    ].join("\n\n");
  });
  return { page, pictures };
}
