export * from "./daemon/outcome.ts";
export * from "./failure.ts";
export * from "./known-failing.ts";
export * from "./outcome.ts";
export { expectation, type VerdictJson, verdictToJson } from "./verdict-json.ts";
