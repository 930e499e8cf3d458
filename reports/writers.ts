import { renderHtml } from "./html/page.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { type KcidbSubmitter, renderKcidb } from "./kcidb.ts";
import { renderKselftest } from "./kselftest.ts";
import { renderKtap } from "./ktap.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Result } from "./result.ts";
import { renderSarif } from "./sarif.ts";
import { renderTap } from "./tap.ts";

/** Makes a file's content of at least one result. */
export type Writer = (results: readonly Result[], submitter: KcidbSubmitter | null) => string;

/** Every format of `--report KIND=PATH`. */
export const WRITERS = {
  json: renderJson,
  junit: renderJunit,
  tap: renderTap,
  ktap: renderKtap,
  kselftest: renderKselftest,
  sarif: renderSarif,
  // Who asks for it without saying who submits was refused before the run.
  kcidb: (results, submitter) => renderKcidb(results, submitter as KcidbSubmitter),
  markdown: renderMarkdown,
  html: renderHtml,
} as const satisfies Record<string, Writer>;

/** Name of a format, as `--report` takes it. */
export type WriterKind = keyof typeof WRITERS;
