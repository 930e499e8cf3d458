/** One result line of a KTAP stream with what stood before it. */
export interface KtapPoint {
  readonly ok: boolean;
  readonly number: number;
  readonly name: string;
  readonly directive: string | null;
  readonly reason: string;
  readonly diagnostics: readonly string[];
  readonly children: readonly KtapPoint[];
}

const RESULT = /^(ok|not ok) (\d+) ([A-Za-z0-9_.-]+)(?: # (SKIP|TODO|XFAIL|TIMEOUT|ERROR)(?: (.*))?)?$/;

/** Reads `lines` from `at` on at one level of indentation, by the letter of KTAP version 1; throws at what breaks it. */
export function readKtap(
  lines: readonly string[],
  version: string,
  depth = 0,
  at = { line: 0 },
): KtapPoint[] {
  const indent = "  ".repeat(depth);
  const next = () => {
    const line = lines[at.line];
    return line?.startsWith(indent) && line[indent.length] !== " " ? line.slice(indent.length) : undefined;
  };
  if (next() !== version) throw new Error(`line ${at.line + 1}: no version line`);
  at.line++;
  const plan = /^1\.\.(\d+)$/.exec(next() ?? "");
  if (plan === null) throw new Error(`line ${at.line + 1}: no plan`);
  at.line++;
  const points: KtapPoint[] = [];
  let diagnostics: string[] = [];
  for (let children: KtapPoint[] = []; at.line < lines.length; ) {
    if (lines[at.line]?.startsWith(`${indent}  ${version}`)) {
      children = readKtap(lines, version, depth + 1, at);
      continue;
    }
    const line = next();
    if (line === undefined) break;
    at.line++;
    if (line.startsWith("# ")) {
      diagnostics.push(line.slice(2));
      continue;
    }
    const [, how, number, name, directive, reason = ""] = RESULT.exec(line) ?? [];
    if (how === undefined) throw new Error(`line ${at.line}: ${JSON.stringify(line)} is no result`);
    const point = {
      ok: how === "ok",
      number: Number(number),
      name: name as string,
      reason,
      diagnostics,
      children,
    };
    points.push({ ...point, directive: directive ?? null });
    if (point.number !== points.length) throw new Error(`line ${at.line}: out of order`);
    diagnostics = [];
    children = [];
  }
  if (points.length !== Number(plan[1])) throw new Error(`${points.length} results, planned were ${plan[1]}`);
  if (new Set(points.map((p) => p.name)).size !== points.length) throw new Error("a name is there twice");
  return points;
}
