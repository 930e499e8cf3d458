export * from "./daxdevs.ts";
export * from "./exchange.ts";
export * from "./install.ts";
export { KernelParser, PAID_ALLOCATION_FACTOR } from "./kernel-parser.ts";
export * from "./oddities.ts";
export * from "./parse.ts";
export * from "./resolve.ts";
export * from "./strict-map.ts";
export * from "./verdict.ts";
