import { UsageError } from "../../base/errors.ts";
import { holdsIn, type Profile, RULES, type Rule } from "../../spec/index.ts";
import type { Shard } from "../../suites/index.ts";
import { flag, type Parsed, text, whole } from "./options.ts";

/** The options of every run: how much is asked, and what is done with what comes of it. */
export const EXTENT_OPTIONS = {
  level: { type: "string" },
  seed: { type: "string" },
  "max-time": { type: "string" },
  filter: { type: "string", multiple: true },
  out: { type: "string" },
  "fail-fast": { type: "boolean" },
  verbose: { type: "boolean", short: "v" },
  quiet: { type: "boolean" },
} as const;

/** The options of a run over messages. */
export const RUN_OPTIONS = {
  ...EXTENT_OPTIONS,
  runs: { type: "string" },
  strict: { type: "boolean" },
} as const;

/** The ids of the rules of these profiles that are wanted, a line each. */
export const listed = (chosen: readonly Profile[], wanted: (rule: Rule) => boolean): string =>
  RULES.filter((r) => wanted(r) && chosen.some((p) => holdsIn(r, p)))
    .map((r) => `${r.id}\n`)
    .join("");

/** What `--runs` and `--max-time` say. Throws UsageError. */
export function limitsOf(options: Parsed): { runs?: number; maxTime?: number } {
  const runs = whole(options, "runs", 1);
  const maxTime = whole(options, "max-time", 1);
  return { ...(runs === undefined ? {} : { runs }), ...(maxTime === undefined ? {} : { maxTime }) };
}

/**
 * Whether a run is guided or watched for what it reaches: it then has to be one run, from its beginning to its end.
 * Throws UsageError.
 */
export function wholeRunOf(options: Parsed): { guided: boolean; covered: boolean } {
  const guided = flag(options, "guided");
  const covered = flag(options, "coverage");
  const parts = ["shard", "resume", "jobs"].find((name) => options.values[name] !== undefined);
  if (guided && parts !== undefined)
    throw new UsageError(
      `--guided cannot go with --${parts}: what it asks depends on everything that it has asked before`,
    );
  if (covered && parts !== undefined)
    throw new UsageError(`--coverage cannot go with --${parts}: it is told of a whole run`);
  if (covered && text(options, "kernel-source") === undefined)
    throw new UsageError("--coverage goes with --kernel-source: of another parser no C is known");
  return { guided, covered: covered || (guided && text(options, "kernel-source") !== undefined) };
}

/** What `--shard` says. Throws UsageError. */
export function shardOf(options: Parsed): { shard?: Shard } {
  const value = text(options, "shard");
  if (value === undefined) return {};
  const { from, last = from, of } = /^(?<from>\d+)(-(?<last>\d+))?\/(?<of>\d+)$/.exec(value)?.groups ?? {};
  const [i, to, n] = [Number(from), Number(last), Number(of)];
  if (!(i >= 1 && to >= i && n >= to))
    throw new UsageError(`--shard takes I/N or I-J/N with I and J from 1 to N, not '${value}'`);
  return { shard: { i, n, ...(to > i && { to }) } };
}

/** What `--jobs` says. Throws UsageError. */
export function jobsOf(options: Parsed): { jobs?: number } {
  const jobs = whole(options, "jobs", 1, 64);
  return jobs === undefined ? {} : { jobs };
}
