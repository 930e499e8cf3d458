import { digestOf } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import { misfit } from "../../base/schema-check.ts";
import type { SchemaName } from "../../spec/index.ts";
import type { StoredFailure } from "./failure-name.ts";

const SCHEMAS: Readonly<Record<StoredFailure["format"], SchemaName>> = {
  "fmapspec-counterexample": "counterexample",
  "fmapspec-session": "session",
  "fmapspec-requirement-failure": "requirement-failure",
};

/**
 * The failure that a file holds; `path` is for messages. Throws UsageError for what is none, and for one whose content is not
 * what its digest says: damaged or edited bytes are another message, and whatever came of it would be a wrong verdict. A failure
 * without a digest was written by hand and is taken as it is.
 */
export function storedFailure(json: unknown, path: string): StoredFailure {
  const { format } = Object(json) as { format?: unknown };
  if (typeof format !== "string" || !Object.hasOwn(SCHEMAS, format))
    throw new UsageError(
      `${path} is no failure file: its format is none of ${Object.keys(SCHEMAS).join(", ")}`,
    );
  const schema = SCHEMAS[format as StoredFailure["format"]];
  const wrong = misfit(schema, json);
  if (wrong !== null) throw new UsageError(`${path} is no ${schema} file: ${wrong}`);
  const { digest } = json as { digest?: string };
  if (digest !== undefined && digest !== digestOf(json as StoredFailure))
    throw new UsageError(
      `${path} was damaged or edited: its digest is another one; take the digest out to replay it as it is`,
    );
  return json as StoredFailure;
}
