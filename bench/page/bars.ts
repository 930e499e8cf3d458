import { COLOURS, line, rounded, svg, text } from "./svg.ts";

/** One group of bars: a name, and a value for each of the series. */
export type Group = readonly [name: string, values: readonly number[]];

const LEFT = 120;
const WIDTH = 480;
const BAR = 14;

/** Horizontal bars, with a line where the goal is. */
export function bars(
  title: string,
  series: readonly string[],
  groups: readonly Group[],
  goal: { readonly at: number; readonly text: string },
): string {
  const most = Math.max(goal.at, ...groups.flatMap(([, values]) => values)) * 1.1;
  const x = (value: number) => rounded(LEFT + (WIDTH * value) / most);
  const step = BAR * series.length + 16;
  const top = 60;
  const bottom = top + step * groups.length;
  const parts = groups.flatMap(([name, values], g) => [
    text(LEFT - 8, top + step * g + (BAR * series.length) / 2 + 4, name, ' text-anchor="end"'),
    ...values.flatMap((value, i) => {
      const y = top + step * g + BAR * i;
      return [
        `<rect x="${LEFT}" y="${y}" width="${rounded(x(value) - LEFT)}" height="${BAR - 3}" fill="${COLOURS[i]}"/>`,
        text(x(value) + 5, y + 10, value.toFixed(2)),
      ];
    }),
  ]);
  const legend = series.flatMap((name, i) => [
    `<rect x="${LEFT + 220 * i}" y="36" width="12" height="11" fill="${COLOURS[i]}"/>`,
    text(LEFT + 220 * i + 18, 46, name),
  ]);
  const goalLine = [line(x(goal.at), top - 6, x(goal.at), bottom, "goal")];
  goalLine.push(text(x(goal.at), bottom + 14, goal.text, ' text-anchor="middle"'));
  return svg(LEFT + WIDTH + 60, bottom + 28, title, [...parts, ...legend, ...goalLine]);
}
