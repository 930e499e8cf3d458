import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { SCHEMAS, type SchemaName } from "../spec/index.ts";

const ajv = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true, discriminator: false });
const compiled = new Map<SchemaName, ValidateFunction>();

/**
 * Why the value does not fit the schema, as `/pointer: what was expected`; null: it fits. For a `oneOf` the message comes
 * from the alternative that matched furthest.
 */
export function misfit(schema: SchemaName, value: unknown): string | null {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(SCHEMAS[schema]);
    compiled.set(schema, validate);
  }
  if (validate(value)) return null;
  const errors = (validate.errors ?? []).filter((e) => e.keyword !== "oneOf" && e.keyword !== "if");
  const deepest = errors.reduce((best, e) => (e.instancePath.length > best.instancePath.length ? e : best));
  const extra =
    deepest.keyword === "additionalProperties"
      ? ` '${String(deepest.params.additionalProperty)}'`
      : deepest.keyword === "unevaluatedProperties"
        ? ` '${String(deepest.params.unevaluatedProperty)}'`
        : deepest.keyword === "const"
          ? ` ${JSON.stringify(deepest.params.allowedValue)}`
          : deepest.keyword === "enum"
            ? ` ${JSON.stringify(deepest.params.allowedValues)}`
            : "";
  return `${deepest.instancePath || "/"}: ${deepest.message}${extra}`;
}
