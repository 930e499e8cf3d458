export * from "./daemon/outcome.ts";
export * from "./failure.ts";
export * from "./findings/outcome.ts";
export type { KernelCrash } from "./in-kernel/crash.ts";
export type { KunitOutcome, KunitReport } from "./in-kernel/kunit-run.ts";
export * from "./known-failing.ts";
export type { Matrix, MatrixRow } from "./matrix.ts";
export * from "./outcome.ts";
export { expectation, type VerdictJson, verdictToJson } from "./verdict-json.ts";
