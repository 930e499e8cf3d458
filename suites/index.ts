export * from "./daemon/outcome.ts";
export * from "./failure.ts";
export * from "./findings/outcome.ts";
export * from "./known-failing.ts";
export type { Matrix, MatrixRow } from "./matrix.ts";
export * from "./outcome.ts";
export { expectation, type VerdictJson, verdictToJson } from "./verdict-json.ts";
