/** What a person reads of a daemon's failures: a block for each cause, with the decoded exchange and the field at fault. */
import {
  type Profile,
  type ProfileName,
  profileNamed,
  type RuleId,
  rule,
  ruleGroup,
} from "../../spec/index.ts";
import type { DaemonFailure } from "../../suites/daemon/ledger.ts";
import type { DaemonReport } from "../../suites/index.ts";
import { type Dissected, dissect, requestLine } from "../exchange/exchange.ts";
import { type Cause, causesOf, type FailedRule, type ReportedOutcome } from "../result/causes.ts";
import { renderRecords } from "./dump.ts";
import type { LayoutRecord } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** How a block begins. */
const HEADINGS = {
  failed: ["red", "FAILED"],
  warning: ["yellow", "WARNING"],
  "expected-failure": ["yellow", "KNOWN"],
} as const satisfies Record<ReportedOutcome, readonly [string, string]>;

/** Paths of other examples that a block names. */
const NAMED = 4;

/** A block for each cause, but for requests that no kernel sends. `after`: lines that one requirement has besides. */
export function failureBlocks(
  report: DaemonReport,
  paint: Paint,
  after: (id: RuleId) => readonly string[] = () => [],
): string[] {
  const profile = profileNamed(report.profile) as Profile;
  const rules = report.rules.filter((r) => ruleGroup(r.rule) !== "robustness");
  return causesOf(rules, report.failures).map((cause) =>
    [...causeLines(cause, profile, paint), ...after(cause.rule)].join("\n"),
  );
}

function causeLines(cause: Cause, profile: Profile, paint: Paint): string[] {
  const [first, ...others] = cause.failures;
  const { sentence, consequence, source } = rule(cause.rule);
  const [colour, heading] = HEADINGS[cause.outcome];
  const place = source[profile.name as ProfileName];
  return [
    `${paint(colour, heading)} ${paint("bold", cause.rule)}${first?.path === undefined ? "" : ` ${first.path}`}`,
    `  ${sentence}`,
    `  ${first?.detail ?? `${cause.more} checks failed; the report keeps no example`}`,
    ...(first === undefined ? [] : othersLines(first, others, cause.more)),
    ...(first === undefined ? [] : exchangeLines(first, profile, paint)),
    ...cause.alsoBreaks.map(alsoLine),
    `  consequence: ${consequence}`,
    ...(place === undefined ? [] : [`  source: ${place}`]),
  ];
}

/** The other examples, each in a line where it says something else, and how many there are beyond them. */
function othersLines(first: DaemonFailure, others: readonly DaemonFailure[], more: number): string[] {
  const alike = others.filter((f) => f.detail === first.detail);
  const different = others.filter((f) => f.detail !== first.detail);
  const paths = alike.flatMap((f) => f.path ?? []);
  const named = paths.slice(0, NAMED);
  const rest = more + paths.length - named.length;
  const lines = different.map((f) => `  also ${f.path === undefined ? "" : `${f.path}: `}${f.detail}`);
  if (named.length > 0) lines.unshift(`  also ${named.join(", ")}`);
  if (rest > 0) lines.push(`  and ${rest} more`);
  return lines;
}

const alsoLine = ({ rule: id, failures, more }: FailedRule): string => {
  const rest = failures.length - 1 + more;
  return `  the same cause breaks ${id}: ${failures[0]?.detail ?? ""}${rest > 0 ? `, and ${rest} more` : ""}`;
};

/** A message's records without those fields that are zero and not marked, which most of FUSE's are. */
function shortened({ records, marks }: Dissected): LayoutRecord[] {
  const isReported = (at: number, length: number) =>
    marks.some((m) => m.offset >= at && m.offset < at + Math.max(1, length));
  return records.flatMap((r) => {
    const fields = r.fields.filter(
      (f) => f.bytes.some((b) => b !== 0) || isReported(f.offset, f.bytes.length),
    );
    return fields.length === 0 ? [] : [{ ...r, fields }];
  });
}

/** The request on a line and the reply field by field; of a map that changed the fields that differ, both ways. */
function exchangeLines(failure: DaemonFailure, profile: Profile, paint: Paint): string[] {
  const { request, before, reply } = dissect(failure, profile);
  const lines = request === null ? [] : [`  asked ${requestLine(request)}`];
  if (before !== null) lines.push("  before", indented(renderRecords(before, paint)));
  if (reply === null) return lines;
  lines.push(before === null ? `  answered with ${reply.size} bytes` : "  after");
  const isMap = reply.title !== "reply";
  lines.push(indented(renderRecords(isMap ? reply : { ...reply, records: shortened(reply) }, paint)));
  return lines;
}

const indented = (text: string) => text.replace(/^/gm, "    ");
