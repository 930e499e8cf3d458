export type { KernelCrash } from "../subjects/in-kernel/crash.ts";
export type { KunitOutcome, KunitReport } from "../subjects/in-kernel/kunit-run.ts";
export * from "./daemon/outcome.ts";
export * from "./run/outcome.ts";
export { expectation, type VerdictJson, verdictToJson } from "./run/verdict-json.ts";
export * from "./stored/known-failing.ts";
export * from "./studies/findings/outcome.ts";
export type { Matrix, MatrixRow } from "./studies/matrix.ts";
export * from "./studies/selftest/outcome.ts";
