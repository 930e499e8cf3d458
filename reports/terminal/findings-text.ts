import { counted } from "../../base/counted.ts";
import type { Divergence, FindingsReport } from "../../suites/index.ts";
import { type Paint, plain } from "../line.ts";
import { indented, markdownTable, paragraphs } from "./blocks.ts";
import { renderDump } from "./dump.ts";

/** All findings for a person at a terminal. */
export const renderFindings = (report: FindingsReport, paint: Paint): string =>
  paragraphs([
    ...report.divergences.map((d) => [
      `${paint("bold", d.id)}  ${whose(d)}`,
      ...[d.sentence, d.consequence, dump(d, paint), ...d.steps.map((s) => paint("dim", s))].map(indented),
    ]),
    [summary(report)],
  ]);

/** All findings as a page of Markdown. */
export const renderFindingsPage = (report: FindingsReport): string =>
  paragraphs([
    ["# Findings"],
    [`${summary(report)}.`],
    [contents(report)],
    ...report.divergences.flatMap((d) => [
      [`## ${d.id}`],
      [`${d.sentence} ${d.consequence}`],
      [`Kernels: ${whose(d)}.`],
      ["```", dump(d, plain), "```"],
      d.steps.map((s) => `1. ${s}`),
    ]),
  ]);

const contents = ({ divergences, profiles }: FindingsReport): string =>
  markdownTable(
    ["finding", ...profiles],
    divergences.map((d) => [
      d.id,
      ...profiles.map((p) => (d.profiles.includes(p) ? "yes" : d.unsettled.includes(p) ? "open" : "")),
    ]),
  );

const whose = ({ profiles, unsettled, fixedBy }: Divergence): string =>
  [
    profiles.join(", "),
    ...(fixedBy === null ? [] : [`not ${fixedBy} any more`]),
    ...(unsettled.length === 0 ? [] : [`open for ${unsettled.join(", ")}`]),
  ].join("; ");

/** The witness: its bytes, or in words what has to happen. */
const dump = ({ witness, id }: Divergence, paint: Paint): string =>
  witness.when !== undefined
    ? `when ${witness.when}`
    : renderDump(
        Buffer.from(witness.message, "hex"),
        [{ offset: witness.at, text: `${id.slice(0, id.indexOf("/"))}: ${witness.detail}` }],
        paint,
        witness.profile,
      );

const summary = ({ divergences, profiles, messages, seed, complete }: FindingsReport): string =>
  `${counted(divergences.length, "finding")} in ${profiles.join(", ")}: ${counted(messages, "message")} for each, seed ${seed}${complete ? "" : "; interrupted"}`;
