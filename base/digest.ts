import { createHash } from "node:crypto";

/** JSON without blanks and with sorted keys: documents with equal content give equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null)
    return typeof value === "bigint" ? `"${value}"` : JSON.stringify(value);
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join()}}`;
}

/** sha256 of a document's content without its own `digest`. */
export function digestOf(document: object): string {
  const { digest: _, ...rest } = document as { digest?: string };
  return createHash("sha256").update(canonical(rest)).digest("hex");
}

/** Adds the digest of the document's content; a reader detects damage with it. */
export const sealed = <D extends object>(document: D): D & { readonly digest: string } => ({
  ...document,
  digest: digestOf(document),
});
