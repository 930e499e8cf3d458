import type { Result } from "../result/result.ts";

/** The report itself (schema `report` or `daemon-report`); a list of them where the run had several profiles. */
export function renderJson(results: readonly Result[]): string {
  const documents = results.map((r) => r.document);
  return `${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`;
}
