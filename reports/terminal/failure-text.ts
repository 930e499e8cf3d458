/** A failure as text: what was expected and what came, and the bytes with the one that decides. */
import { counted } from "../../base/counted.ts";
import { type Dissected, type DissectedExchange, requestLine } from "../exchange/exchange.ts";
import { oneLine, type Paint } from "../line.ts";
import { type Cause, causesOf, type FailedTest } from "../result/causes.ts";
import type { Failure, TestResult } from "../result/result.ts";
import { failureLine } from "../result/summary.ts";
import { indented } from "./blocks.ts";
import { renderDump, renderRecords } from "./dump.ts";
import type { LayoutRecord } from "./layout.ts";
import { renderMap } from "./map-text.ts";

/** How it failed, a line for each fact. */
export function failureFacts(f: Failure, paint: Paint): string[] {
  const more = [f.history, f.flaky === null ? null : paint("yellow", f.flaky)].flatMap((line) => line ?? []);
  if (f.kind === "requirement") return [oneLine(failureLine({ ...f, flaky: null })), ...more];
  const count = f.messages === null ? "" : ` (${counted(f.messages, "message")})`;
  return [
    `expected ${oneLine(f.expected)}`,
    `actual   ${oneLine(f.actual)}${count}`,
    ...(f.path === null ? [] : [`case     ${f.path}`]),
    ...more,
  ];
}

/** The bytes field by field, with the map that a kernel has of them; of a daemon's failure the request and the reply. */
export function failureBytes(f: Failure, paint: Paint): string[] {
  if (f.exchange !== null) return exchangeLines(f.exchange, paint);
  if (f.message === null) return [];
  const dump = renderDump(Buffer.from(f.message, "hex"), f.marks, paint, f.profile);
  return [dump, ...(f.map === null ? [] : [renderMap(f.map)])];
}

/** The request on a line and the reply field by field; of a map that changed the fields that differ, both ways. */
function exchangeLines({ request, before, reply }: DissectedExchange, paint: Paint): string[] {
  const lines = request === null ? [] : [`asked ${requestLine(request)}`];
  if (before !== null) lines.push("before", indented(renderRecords(before, paint)));
  if (reply === null) return lines;
  lines.push(before === null ? `answered with ${counted(reply.size, "byte")}` : "after");
  const isMap = reply.title !== "reply";
  lines.push(indented(renderRecords(isMap ? reply : { ...reply, records: shortened(reply) }, paint)));
  return lines;
}

/** A message's records without those fields that are zero and not marked, which most of FUSE's are. */
function shortened({ records, marks }: Dissected): LayoutRecord[] {
  const isMarked = (at: number, length: number) =>
    marks.some((m) => m.offset >= at && m.offset < at + Math.max(1, length));
  return records.flatMap((r) => {
    const fields = r.fields.filter((f) => f.bytes.some((b) => b !== 0) || isMarked(f.offset, f.bytes.length));
    return fields.length === 0 ? [] : [{ ...r, fields }];
  });
}

/** Examples of one test that are printed in full, and paths of others that are named. */
const EXAMPLES = 4;

/** A block for each cause of the failed tests; of a parser, which is asked one message at a time, for each example. */
export const failureBlocks = (tests: readonly TestResult[], paint: Paint): string[] =>
  causesOf(tests).flatMap((cause) => {
    const [first] = cause.failures;
    if (first === undefined || first.kind === "requirement") return [causeBlock(cause, paint)];
    const own = cause.failures.filter((f) => f.rule === cause.test.id);
    const more =
      own.length > EXAMPLES
        ? [`and ${counted(own.length - EXAMPLES, "more failure")} of ${cause.test.id}`]
        : [];
    return [...own.slice(0, EXAMPLES).map((f) => exampleBlock(cause.test, f, paint)), ...more];
  });

const heading = ({ outcome, id, sentence }: TestResult, paint: Paint) =>
  `${outcome === "warning" ? paint("yellow", "WARNING") : paint("red", "FAILED")} ${paint("bold", id)}: ${sentence}`;

const exampleBlock = (test: TestResult, f: Failure, paint: Paint): string =>
  [heading(test, paint), ...failureFacts(f, paint).map(indented), ...failureBytes(f, paint)].join("\n");

function causeBlock({ test, failures: [first, ...others], more, alsoBreaks }: Cause, paint: Paint): string {
  const lines =
    first === undefined
      ? [`${counted(test.failed, "check")} failed; the report keeps no example`]
      : [...failureFacts(first, paint), ...otherLines(first, others, more), ...failureBytes(first, paint)];
  const about = [
    ...alsoBreaks.map(alsoLine),
    `consequence: ${test.consequence}`,
    ...(test.source === null ? [] : [`source: ${test.source}`]),
  ];
  return [heading(test, paint), ...[...lines, ...about].map(indented)].join("\n");
}

/** The other examples, each in a line where it says something else, and how many there are beyond them. */
function otherLines(first: Failure, others: readonly Failure[], more: number): string[] {
  const paths = others.flatMap((f) => (f.actual === first.actual && f.path !== null ? [f.path] : []));
  const named = paths.slice(0, EXAMPLES);
  const different = others.filter((f) => f.actual !== first.actual);
  const rest = more + paths.length - named.length;
  return [
    ...(named.length > 0 ? [`also ${named.join(", ")}`] : []),
    ...different.map((f) => `also ${oneLine(failureLine(f))}`),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

const alsoLine = ({ test, failures: [first, ...others], more }: FailedTest): string => {
  const rest = others.length + more;
  return `the same cause breaks ${test.id}: ${oneLine(first?.actual ?? "")}${rest > 0 ? `, and ${rest} more` : ""}`;
};
