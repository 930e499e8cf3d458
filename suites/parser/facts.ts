import type { Shard } from "../run/outcome.ts";
import type { ParserRunFacts } from "./outcome.ts";

/** What determined a run, as its report says. */
export const factsOf = (options: {
  readonly runs?: number;
  readonly filters: readonly string[];
  readonly strict: boolean;
  readonly failFast?: boolean;
  readonly timeout: number;
  readonly shard?: Shard;
  readonly guided?: boolean;
}): ParserRunFacts => ({
  runs: options.runs ?? null,
  filter: options.filters,
  strict: options.strict,
  failFast: options.failFast ?? false,
  timeout: options.timeout,
  shard: options.shard ?? null,
  ...(options.guided === true ? { guided: true } : {}),
});
