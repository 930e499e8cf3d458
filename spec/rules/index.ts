import { acceptedRules } from "./accepted.ts";
import { daemonAnswerRules } from "./daemon-answers.ts";
import { daemonDirectoryRules } from "./daemon-directory.ts";
import { daemonLifeRules } from "./daemon-life.ts";
import { daemonMapRules } from "./daemon-maps.ts";
import { daemonTreeRules } from "./daemon-tree.ts";
import { exchangeRules } from "./exchange.ts";
import { hazardRules } from "./hazards.ts";
import { installRules } from "./install.ts";
import { parserRules } from "./parser.ts";
import { resolveRules } from "./resolve.ts";
import { robustnessRules } from "./robustness.ts";
import type { RuleEntry } from "./rule.ts";

export { type HazardId, hazardRules } from "./hazards.ts";
export { isRobustness, robustnessRules } from "./robustness.ts";
export { errnoIn, holdsIn, type Needs, type RuleEntry, type Source, unsettledIn } from "./rule.ts";

const entries = {
  ...parserRules,
  ...acceptedRules,
  ...installRules,
  ...exchangeRules,
  ...resolveRules,
  ...daemonAnswerRules,
  ...daemonTreeRules,
  ...daemonDirectoryRules,
  ...daemonMapRules,
  ...daemonLifeRules,
  ...robustnessRules,
  ...hazardRules,
};

/** Id of a rule: a path that is never renamed and never used again. */
export type RuleId = keyof typeof entries;

export interface Rule extends RuleEntry {
  readonly id: RuleId;
}

/** Every rule, in the order of the parser's checks; hazards last. */
export const RULES: readonly Rule[] = Object.entries(entries).map(([id, entry]) => ({
  id: id as RuleId,
  ...entry,
}));

const byId = new Map<string, Rule>(RULES.map((r) => [r.id, r]));

/** The rule of that id, or undefined. */
export const ruleNamed = (id: string): Rule | undefined => byId.get(id);

/** The rule of an id that is known to exist. */
export const rule = (id: RuleId): Rule => byId.get(id) as Rule;

/** `fmap/simple` of `fmap/simple/underflow`: the group that a run's table has a line for. */
export const ruleGroup = (id: RuleId): string => id.slice(0, id.lastIndexOf("/"));
