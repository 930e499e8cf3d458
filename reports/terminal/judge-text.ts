import { counted } from "../../base/counted.ts";
import type { Hazard, Resolution, TraceStep, Verdict } from "../../oracles/index.ts";
import { type Profile, rule } from "../../spec/index.ts";
import { type Paint, plain } from "../line.ts";
import { paragraphs, textTable, titled } from "./blocks.ts";
import { decidingByte, renderDump } from "./dump.ts";
import { renderMap } from "./map-text.ts";

export interface Judgement {
  readonly profile: Profile;
  readonly message: Uint8Array;
  readonly steps: readonly TraceStep[];
  readonly verdict: Verdict;
  /** Rules that the accepted message is unusual by. */
  readonly oddities: readonly string[];
  readonly resolutions: readonly {
    readonly offset: bigint;
    readonly want: bigint;
    readonly found: Resolution;
  }[];
}

/** One message explained: its bytes, every check in order, the verdict, hazards, the map, and some file offsets. */
export function renderJudgement(j: Judgement, paint: Paint): string {
  const { verdict, message, profile } = j;
  const marks = [
    ...decidingByte(verdict),
    ...verdict.hazards.map((h) => ({ offset: h.offset, text: h.rule })),
  ];
  const parts = [
    [`${counted(message.length, "byte")}, judged as ${profile.name} (${profile.title})`],
    [renderDump(message, marks, paint, profile.name)],
    titled("checks, in order", steps(j.steps, paint), paint),
    titled("verdict", [verdictLine(verdict, profile, paint)], paint),
    titled(
      "hazards",
      verdict.hazards.map((h) => hazardLine(h, paint)),
      paint,
    ),
  ];
  if (verdict.verdict !== "accept") return paragraphs(parts);
  const resolved = j.resolutions.map(
    ({ offset, want, found }) =>
      `${counted(want, "byte")} at file offset ${offset}: ${resolution(found, paint)}`,
  );
  return paragraphs([
    ...parts,
    titled("map", [renderMap(verdict.map)], paint),
    titled("accepted all the same", j.oddities, paint),
    titled("resolves", resolved, paint),
  ]);
}

/** One message before several profiles: its bytes once, then what each makes of it, a line for each. */
export function renderSideBySide(judgements: readonly Judgement[], paint: Paint): string {
  const [first] = judgements as [Judgement];
  const rows = judgements.map(({ profile, verdict, resolutions }) => {
    const { name } = profile;
    if (verdict.verdict === "reject") return [name, verdict.errno, `${verdict.offset}`, verdict.rule];
    if (verdict.verdict === "unspecified")
      return [name, verdict.verdict, `${verdict.offset}`, `${verdict.rule}: ${verdict.reason}`];
    const start = resolutions.find((r) => r.offset === 0n);
    return [
      name,
      verdict.verdict,
      "",
      start === undefined ? "" : `byte 0: ${resolution(start.found, plain)}`,
    ];
  });
  const table = textTable([["profile", "verdict", "byte", ""], ...rows], paint, (_, row) =>
    row[1] === "accept" ? "green" : "red",
  );
  const hazards = judgements.flatMap(({ profile, verdict }) =>
    verdict.hazards.map((h) => `${profile.name}: ${h.rule} at byte ${h.offset}`),
  );
  return paragraphs([[renderDump(first.message, [], paint)], [table], titled("hazards", hazards, paint)]);
}

/** Checks that repeat for every extent are folded where they hold. */
const FOLD = 12;

function steps(all: readonly TraceStep[], paint: Paint): string[] {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  let folded = 0;
  for (const s of all) {
    const times = (counts.get(s.rule) ?? 0) + 1;
    counts.set(s.rule, times);
    if (s.ok && times > 1 && all.length > FOLD) {
      folded++;
      continue;
    }
    const mark = s.ok
      ? paint("green", "ok    ")
      : s.counted
        ? paint("yellow", "count ")
        : paint("red", "REFUSE");
    lines.push(`${mark} ${s.rule.padEnd(34)} ${s.actual} ${s.relation} ${s.bound}`);
  }
  if (folded > 0)
    lines.push(paint("dim", `ok     the same for the extents that follow (${counted(folded, "check")})`));
  return lines;
}

function verdictLine(v: Verdict, profile: Profile, paint: Paint): string {
  if (v.verdict === "accept") return paint("green", "accept");
  if (v.verdict === "unspecified")
    return `${paint("yellow", "unspecified")} at byte ${v.offset}: accept or EINVAL (${v.rule}: ${v.reason})`;
  const { sentence, source } = rule(v.rule);
  return `${paint("red", `reject with ${v.errno}`)} at byte ${v.offset}: ${sentence} (${v.rule}, ${source[profile.name]})`;
}

const hazardLine = (h: Hazard, paint: Paint) =>
  `${paint("yellow", h.rule)} at byte ${h.offset}${h.count > 1 ? `, ${h.count} times` : ""}: ${rule(h.rule).sentence}`;

function resolution(r: Resolution, paint: Paint): string {
  if (r.kind === "empty") return "nothing (success, 0 bytes)";
  if (r.kind === "failed") return `nothing (${r.errno})`;
  if (r.kind === "unspecified")
    return r.rule === null
      ? paint("yellow", `unspecified: ${r.reason}`)
      : paint("red", `undefined: ${rule(r.rule).sentence}`);
  const hazard = r.hazard === undefined ? "" : paint("yellow", ` (${r.hazard})`);
  return `daxdev ${r.devindex} at 0x${r.offset.toString(16)}, ${counted(r.length, "byte")}${hazard}`;
}
