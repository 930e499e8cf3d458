import { renderJunit } from "./formats/junit.ts";
import { type KcidbSubmitter, renderKcidb } from "./formats/kcidb.ts";
import { renderKselftest } from "./formats/kselftest.ts";
import { renderKtap } from "./formats/ktap.ts";
import { renderMarkdown } from "./formats/markdown.ts";
import { renderSarif } from "./formats/sarif.ts";
import { renderTap } from "./formats/tap.ts";
import { renderHtml } from "./html/page.ts";
import type { Result } from "./result/result.ts";
import { renderText } from "./terminal/text.ts";

/** Makes a file's content of at least one result. */
export type Writer = (results: readonly Result[], submitter: KcidbSubmitter | null) => string;

/** Every format of `--report KIND=PATH`. */
export const WRITERS = {
  text: (results) => results.map((r) => renderText(r)).join("\n"),
  // The report itself (schema `report` or `daemon-report`); a list of them where the run had several profiles.
  json: (results) => {
    const documents = results.map((r) => r.document);
    return `${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`;
  },
  junit: renderJunit,
  tap: renderTap,
  ktap: renderKtap,
  kselftest: renderKselftest,
  sarif: renderSarif,
  // A report for KCIDB without a submitter was refused before the run.
  kcidb: (results, submitter) => renderKcidb(results, submitter as KcidbSubmitter),
  markdown: renderMarkdown,
  html: renderHtml,
} as const satisfies Record<string, Writer>;

/** Name of a format, as `--report` takes it. */
export type WriterKind = keyof typeof WRITERS;
