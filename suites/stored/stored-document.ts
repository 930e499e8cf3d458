import { digestOf } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import { misfit } from "../../base/schema-check.ts";
import { profileNamed, type SchemaName } from "../../spec/index.ts";
import type { StoredDocument } from "./document.ts";
import { upToDate } from "./older-document.ts";

const SCHEMAS: Readonly<Record<StoredDocument["format"], SchemaName>> = {
  "fmapspec-report": "report",
  "fmapspec-daemon-report": "daemon-report",
  "fmapspec-journal": "journal",
};

/** Reads what `sealed` made; `path` is for messages. Throws UsageError for whatever is not whole. */
export function readStored(bytes: Uint8Array, path: string): StoredDocument {
  const damaged = (what: string) =>
    new UsageError(`${path} is no stored report or journal, or it was damaged: ${what}`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(error instanceof SyntaxError ? `not JSON: ${error.message}` : "not UTF-8");
  }
  const { format } = Object(json) as { format?: unknown };
  if (typeof format !== "string" || !Object.hasOwn(SCHEMAS, format))
    throw damaged("/format is none of theirs");
  const wrong = misfit(SCHEMAS[format as StoredDocument["format"]], json);
  if (wrong !== null) throw damaged(wrong);
  const document = json as StoredDocument;
  if (document.digest === undefined) throw damaged("it has no digest");
  if (document.digest !== digestOf(document)) throw damaged("its digest is another one");
  if (profileNamed(document.profile) === undefined)
    throw damaged(`there is no profile '${document.profile}'`);
  return upToDate(document);
}
