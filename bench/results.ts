/** The results as they are kept: docs/performance.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import type { Machine } from "./machine.ts";
import type { Curve, Figure } from "./part.ts";

export interface PartResults {
  /** When it began, ISO 8601. */
  readonly at: string;
  /** Load average when it began. */
  readonly load: number;
  readonly scheduling: string;
  /** A smoke: the numbers mean nothing. */
  readonly quick: boolean;
  readonly figures: readonly Figure[];
  readonly curves?: readonly Curve[];
  readonly notes: readonly string[];
}

export interface Results {
  readonly format: "fmapspec-bench";
  readonly version: 1;
  readonly machine: Machine;
  readonly parts: Readonly<Record<string, PartResults>>;
}

/** As JSON, what holds nothing that holds something on one line: of a contest there are hundreds. */
export const written = (results: Results): string =>
  `${JSON.stringify(results, null, 1).replaceAll(/\{[^{}[\]]*\}/g, (flat) => flat.replaceAll(/\n\s*/g, " "))}\n`;

const schema = join(PACKAGE_ROOT, "bench/results.schema.json");

/** What keeps a value from being results; null: it is. */
export function misfit(value: unknown): string | null {
  const ajv = new Ajv2020({ strict: true });
  const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
  return validate(value) ? null : ajv.errorsText(validate.errors);
}
