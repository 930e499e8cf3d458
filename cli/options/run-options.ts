import { UsageError } from "../../base/errors.ts";
import { holdsIn, type Profile, RULES, type Rule } from "../../spec/index.ts";
import type { Shard } from "../../suites/index.ts";
import { DEFAULT_OUT } from "../store/output.ts";
import { file, flag, oneOf, seed, whole, withDefault, words } from "./kinds.ts";
import type { Option, Parsed } from "./table.ts";

export const RULE_IDS: readonly string[] = RULES.map((r) => r.id);

export const LEVEL = oneOf("LEVEL", "how much is asked", ["quick", "full", "soak"]);

/** How much a run asks. */
export const EXTENT_OPTIONS = {
  level: LEVEL,
  seed: seed(),
  "max-time": whole("seconds after which a profile's run stops", { min: 1 }, "S"),
  filter: words("GLOB", "only rules whose ids match", RULE_IDS),
  "fail-fast": flag("stop at the first failure"),
};

/** How much a run over messages asks, and what fails it. */
export const MESSAGE_OPTIONS = {
  ...EXTENT_OPTIONS,
  runs: whole("how many messages, whatever the level", { min: 1 }),
  strict: flag("known findings of the revision fail the run, too"),
};

export const RESUME = flag("go on with the run that was interrupted in --out");

export const OUT = withDefault(
  file(
    "folder of the report and of failures/; with several profiles, they go to a folder for each in it",
    "DIR",
  ),
  DEFAULT_OUT,
);

/** The ids of the rules of these profiles that are wanted, a line each. */
export const listed = (chosen: readonly Profile[], wanted: (rule: Rule) => boolean): string =>
  RULES.filter((r) => wanted(r) && chosen.some((p) => holdsIn(r, p)))
    .map((r) => `${r.id}\n`)
    .join("");

/** A part of a run. */
export const SHARD: Option<Shard | undefined> = {
  takes: "I/N",
  about: "only the I-th of N parts of the run; fmapspec merge puts the parts together",
  read(given, name) {
    const value = given.at(-1);
    if (value === undefined) return undefined;
    const [, i, n] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number);
    if (i === undefined || n === undefined || i < 1 || i > n)
      throw new UsageError(`${name} takes I/N with I from 1 to N, not '${value}'`);
    return { i, n };
  },
};

/** Options that have a run be one, from its beginning to its end. */
export const WHOLE_RUN_OPTIONS = {
  guided: flag(
    "make messages from those that reached something new: in the oracle, or in the C of --kernel-source",
  ),
  coverage: flag("report which lines and branches of --kernel-source were reached; --guided does so, too"),
};

/** Whether a run is guided, and whether it observes what it reaches. Throws UsageError where only a part of a run is asked for. */
export function wholeRunOf({
  values: { guided, coverage, "kernel-source": source },
  given,
}: Parsed<typeof WHOLE_RUN_OPTIONS & { "kernel-source": Option<string | undefined> }>): {
  guided: boolean;
  covered: boolean;
} {
  const parts = ["shard", "resume", "jobs"].find((name) => given.has(name));
  if (guided && parts !== undefined)
    throw new UsageError(
      `--guided cannot go with --${parts}: what it asks depends on everything that it has asked before`,
    );
  if (coverage && parts !== undefined)
    throw new UsageError(`--coverage cannot go with --${parts}: it is reported of a whole run`);
  if (coverage && source === undefined)
    throw new UsageError("--coverage goes with --kernel-source: of another parser no C is known");
  return { guided, covered: source !== undefined && (coverage || guided) };
}
