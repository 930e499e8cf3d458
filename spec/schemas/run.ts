/** The options and the results of a run, as stored in the reports of shards and in journals. */
import { circumstances, kind } from "./counterexample.ts";
import { daemonFailure, unchecked } from "./outcomes.ts";
import { session } from "./session.ts";
import { closed, hex, ruleId, type Schema } from "./shared.ts";
import { digest, repeats } from "./stored.ts";

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };
const strings = { type: "array", items: text };

const positive = { type: "integer", minimum: 1 };
const shard: Schema = {
  oneOf: [{ type: "null" }, closed({ i: positive, n: positive })],
};

/** The options of a run of the parser suite besides profile, level and seed. */
export const parserRun: Schema = closed({
  runs: { type: ["integer", "null"], minimum: 1 },
  filter: strings,
  strict: { type: "boolean" },
  failFast: { type: "boolean" },
  timeout: count,
  shard,
  "guided?": { const: true },
});

/** The options of a run over a daemon besides profile, level and seed. */
export const daemonRun: Schema = closed({
  timeout: count,
  "filter?": strings,
  "failFast?": { type: "boolean" },
  expect: { oneOf: [{ type: "null" }, digest] },
  "mutation?": digest,
  /** Missing in older reports, which are of scope famfs. */
  "scope?": { enum: ["famfs", "fuse"] },
  shard,
});

const classOf = (properties: Record<string, Schema>): Schema =>
  closed({
    position: count,
    messages: count,
    ...properties,
    message: hex,
    ...circumstances,
    recipe: { type: ["array", "null"], items: count },
    "repeats?": repeats,
  });

/** Numbers or reasons by the id of a rule. */
const byRule = (items: Schema): Schema => ({
  type: "object",
  propertyNames: ruleId,
  additionalProperties: items,
});

const whereItStands = {
  position: count,
  seconds: { type: "number", minimum: 0 },
  breakdowns: count,
  ended: { type: ["string", "null"] },
  notes: strings,
  unable: byRule(text),
  ledger: closed({
    messages: count,
    skipped: count,
    untold: count,
    counts: byRule(count),
    pairs: hex,
    failures: {
      type: "array",
      items: classOf({
        rule: ruleId,
        first: ruleId,
        kind,
        actual: text,
        "expectedText?": text,
        shown: { type: "boolean" },
      }),
    },
    others: { type: "array", items: closed({ rule: ruleId, kind, actual: text, messages: count }) },
    findings: {
      type: "array",
      items: classOf({ rule: { oneOf: [ruleId, { type: "null" }] }, what: text }),
    },
  }),
};

/** `parts`: of a run with --jobs, where those stand that it was divided into. */
export const parserState: Schema = closed({
  ...whereItStands,
  "parts?": { type: "array", items: closed(whereItStands) },
});

const tally: Schema = closed({
  counts: byRule(count),
  failed: byRule(count),
  failures: { type: "array", items: closed({ ...daemonFailure, position: count }) },
  excused: byRule(text),
  "missed?": byRule(text),
});

/** Number of nodes, of regular files, and of files whose map the kernel accepts. */
export const tree: Schema = closed({ nodes: count, files: count, mapped: count });

/** Whether the daemon set FUSE_DAX_FMAP after the offer. */
export const famfs: Schema = { enum: ["agreed", "declined", "unknown"] };

/** Random sessions: planned, and played. */
export const sessions: Schema = closed({ planned: count, played: count });

export const daemonState: Schema = closed({
  position: count,
  seconds: { type: "number", minimum: 0 },
  complete: { type: "boolean" },
  "famfs?": famfs,
  "unchecked?": unchecked,
  channel: text,
  tree,
  notes: strings,
  shared: tally,
  split: tally,
  "sessions?": sessions,
  session: { oneOf: [{ type: "null" }, closed({ index: count, stored: session })] },
});
