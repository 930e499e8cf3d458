/** What was reached of a parser's own source, in every format that a person reads. */
import { describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import type { ParserReport } from "../../suites/index.ts";
import { sampleReport } from "../../test/sample-report.ts";
import { renderMarkdown } from "../formats/markdown.ts";
import { coverageHtml } from "../html/extent.ts";
import { renderText } from "../terminal/text.ts";
import { parserResult } from "./parser-result.ts";

type Coverage = NonNullable<ParserReport["coverage"]>;
const PROVEN = "the condition in line 9 is never true: gcc proves it from the checks before it";
const missed = (line: number, reason: string | null): Coverage["missed"][number] => ({
  file: "famfs.c",
  line,
  text: "if (a < b && *c)",
  branches: line % 2 === 0 ? null : { reached: 1, all: 2 },
  reason,
});
const coverage = (lines: Coverage["missed"]): Coverage => ({
  lines: { reached: 8, all: 10 },
  branches: { reached: 5, all: 7 },
  missed: lines,
});
const SOME = coverage([missed(10, PROVEN), missed(11, null)]);
const MANY = coverage(Array.from({ length: 300 }, (_, i) => missed(i + 1, null)));
const reportOf = (extra: Partial<ParserReport>) => {
  const report = sampleReport(extra);
  expect(misfit("report", report)).toBeNull();
  return report;
};
const resultOf = (extra: Partial<ParserReport>) =>
  parserResult(reportOf(extra), "out/report.json", () => "x");
const textOf = (extra: Partial<ParserReport>, verbose = false) =>
  renderText(resultOf(extra), undefined, verbose);

const LINE = "8 of 10 lines and 5 of 7 branches of the source reached";
const FIRST = "famfs.c:11  if (a < b && *c)\n    1 of 2 branches reached; no reason known\n";
const SECOND = `famfs.c:10  if (a < b && *c)\n    not reached; ${PROVEN}\n`;

describe("what was reached of the source", () => {
  it("stands in the text, what nobody can explain first", () => {
    expect(textOf({ coverage: SOME })).toContain(`\nnot reached in the source\n  ${FIRST}  ${SECOND}`);
    expect(textOf({ coverage: SOME })).toContain(`; ${LINE}; `);
    expect(textOf({})).not.toContain("of the source");
  });

  it("is cut in the text, but for who asks for more", () => {
    expect(textOf({ coverage: MANY })).toContain("\n  and 280 more: -v lists them\n");
    expect(textOf({ coverage: MANY }, true)).toContain("famfs.c:300 ");
    expect(textOf({ coverage: coverage([]) })).toContain(`; ${LINE}; `);
  });

  it("stands in Markdown, as text, and is cut", () => {
    const markdown = renderMarkdown([resultOf({ coverage: SOME })]);
    expect(markdown).toMatch(
      /<details><summary>not reached in the source<\/summary>\n\n- famfs&#46;c&#58;11 if/,
    );
    expect(markdown).not.toContain("*c");
    expect(renderMarkdown([resultOf({ coverage: MANY })])).toContain("\n- and 200 more\n");
    expect(renderMarkdown([resultOf({ coverage: coverage([]) })])).not.toContain("<details>");
  });

  it("stands on the page, as text, and is cut", () => {
    const { html } = coverageHtml(resultOf({ coverage: SOME }));
    expect(html).toContain(LINE);
    expect(html).toContain("<code>if (a &lt; b &amp;&amp; *c)</code>");
    expect(html.indexOf("famfs.c:11")).toBeLessThan(html.indexOf("famfs.c:10"));
    expect(coverageHtml(resultOf({ coverage: MANY })).html).toContain("and 100 more");
    expect(coverageHtml(resultOf({})).html).toBe("");
    expect(coverageHtml(resultOf({ coverage: coverage([]) })).html).not.toContain("<details");
  });

  it("is part of what every format says was done", () => {
    expect(resultOf({ coverage: SOME }).extent).toContain(`; ${LINE}`);
  });
});

it("a guided run says what it went by", () => {
  const search = { features: 7, kept: 5, keptForSource: 2 };
  const line =
    "guided by 5 messages that reached something new, 2 of them in the source; the oracle told 7 behaviours apart";
  expect(textOf({ search })).toContain(`; ${line}; `);
  expect(resultOf({ search }).extent).toContain(line);
});
