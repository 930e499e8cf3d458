/** Markdown as GitHub takes it, read by marked. */
import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { sampleCounterexample } from "../../test/sample-report.ts";
import { oneLine } from "../line.ts";
import { daemonSample, hostileText, parserSample } from "../test/samples.ts";
import { renderMarkdown } from "./markdown.ts";

/** The tags of the rendered page, and its text. */
function read(markdown: string) {
  const html = marked.parse(markdown, { gfm: true, async: false });
  const tags = new Set([...html.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));
  const text = html
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, n) => String.fromCharCode(Number(n)))
    .replace(/&(lt|gt|quot|amp);/g, (_, n) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[n as "lt"]);
  return { html, tags, text };
}

/** All that our own Markdown makes. */
const OURS = [
  "h2",
  "p",
  "code",
  "strong",
  "em",
  "table",
  "thead",
  "tbody",
  "tr",
  "th",
  "td",
  "ul",
  "li",
  "h3",
  "pre",
];

describe("Markdown", () => {
  it("has the verdict, a table, and each failure with its bytes and how to see it again", () => {
    const { html, text } = read(renderMarkdown([parserSample(), daemonSample()]));
    expect(html).toMatch(/^<h2>❌ Not conforming/);
    expect(html.match(/<table>/g)).toHaveLength(2);
    expect(html).toContain(
      '<td>fmap/header</td>\n<td align="right">3</td>\n<td align="right">1</td>\n<td align="right">2</td>',
    );
    expect(text).toMatch(/nextents +33/);
    expect(text).toContain("fmapspec replay out/fmap-header-nextents-limit.json");
    expect(text).toContain("known: hazard/strips-leak (rfc-v2 is known for it), 3 of 3");
    expect(text).toContain("answered with 2 bytes");
    expect(read(renderMarkdown([parserSample("x", PASSED)])).html).toMatch(/^<h2>✅ Conforming/);
  });

  it("fits a GitHub step summary, whatever the run came to", () => {
    const many = Array.from({ length: 3000 }, () => sampleCounterexample({ actual: "💥".repeat(50) }));
    const rules = [
      { rule: "fmap/header/nextents-limit", outcome: "failed", messages: 9, failed: 9 },
    ] as const;
    const extra = Array.from({ length: 40 }, () => ({ ...rules[0] }));
    const markdown = renderMarkdown([parserSample("x", { rules: extra, counterexamples: many })]);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(1 << 20);
    expect(markdown).toMatch(/^## ❌/);
    expect(markdown.endsWith("_More did not fit here: the stored report has it._\n")).toBe(true);
  });

  it.each(["---", "===", "1. x", "- x", "+ x", "www.example.org", "a@example.org", "    x", "> x"])(
    "takes a note of %j for what it is",
    (note) => {
      const { tags, text } = read(renderMarkdown([parserSample("x", { notes: [note] })]));
      expect([...tags].filter((tag) => !OURS.includes(tag as string))).toEqual([]);
      expect(squeezed(text)).toContain(`${note.trim()} fmap/header/nextents-limit`);
    },
  );

  it("shows any text as text", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const { tags, text: shown } = read(renderMarkdown([parserSample(text), daemonSample(text)]));
        expect([...tags].filter((tag) => !OURS.includes(tag as string))).toEqual([]);
        expect(squeezed(shown)).toContain(squeezed(`got ${oneLine(text)}`));
      }),
      { numRuns: 300 },
    );
  });
});

const PASSED = { rules: [], counterexamples: [], findings: [], notes: [] };

/** Runs of blanks are one blank to HTML. */
const squeezed = (text: string) => text.replace(/\s+/g, " ").trim();
