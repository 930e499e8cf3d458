import type { Curve, Try } from "../part.ts";
import { COLOURS, line, rounded, svg, text } from "./svg.ts";

const BOX = { left: 52, top: 44, width: 440, height: 260 };
const LEGEND = BOX.left + BOX.width + 16;

const power = (exponent: number): string =>
  exponent < 0
    ? String(10 ** exponent)
    : exponent < 4
      ? String(10 ** exponent)
      : exponent < 6
        ? `${10 ** (exponent - 3)} k`
        : `${10 ** (exponent - 6)} M`;

/** How many of the mutants each finder had killed by when: `at` says when one died. */
export function race(
  title: string,
  unit: string,
  curves: readonly Curve[],
  at: (kill: Try) => number,
): string {
  const deaths = ({ tries }: Curve) => tries.filter((t) => t.found).map(at);
  const times = curves.flatMap(deaths).filter((t) => t > 0);
  const low = Math.floor(Math.log10(Math.min(...times)));
  const high = Math.ceil(Math.log10(Math.max(...times)));
  const x = (t: number) =>
    rounded(BOX.left + (BOX.width * (Math.log10(Math.max(t, 10 ** low)) - low)) / (high - low));
  const y = (part: number) => rounded(BOX.top + BOX.height * (1 - part));
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    line(BOX.left, y(part), BOX.left + BOX.width, y(part), "grid"),
    text(BOX.left - 6, y(part) + 4, `${100 * part} %`, ' text-anchor="end"'),
  ]);
  for (let exponent = low; exponent <= high; exponent++)
    grid.push(
      line(x(10 ** exponent), BOX.top, x(10 ** exponent), BOX.top + BOX.height, "grid"),
      text(x(10 ** exponent), BOX.top + BOX.height + 18, power(exponent), ' text-anchor="middle"'),
    );
  const lines = curves.flatMap((curve, i) => {
    const all = curve.tries.length;
    const sorted = deaths(curve).sort((a, b) => a - b);
    const steps = sorted.map((t, n) => `H${x(t)}V${y((n + 1) / all)}`);
    const colour = COLOURS[i % COLOURS.length];
    const stroke = `stroke="${colour}" stroke-width="${i === 0 ? 3 : 1.5}" fill="none"`;
    const row = BOX.top + 12 + 36 * i;
    return [
      `<path ${stroke} d="M${BOX.left} ${y(0)}${steps.join("")}H${BOX.left + BOX.width}"/>`,
      `<path ${stroke} d="M${LEGEND} ${row - 4}h20"/>`,
      text(LEGEND + 26, row, curve.finder),
      text(LEGEND + 26, row + 15, `${sorted.length} of ${all}`, ' opacity="0.7"'),
    ];
  });
  const below = text(BOX.left + BOX.width / 2, BOX.top + BOX.height + 38, unit, ' text-anchor="middle"');
  return svg(LEGEND + 200, BOX.top + BOX.height + 52, title, [...grid, ...lines, below]);
}
