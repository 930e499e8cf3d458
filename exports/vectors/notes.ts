import { FAMILIES, type Family } from "../../generators/index.ts";
import { type Profile, type Rule, ruleNamed } from "../../spec/index.ts";
import { meaning } from "../../suites/studies/findings/divergence.ts";

/** Explains a flag or a rule of a vector, in the form of Wycheproof. */
export interface Note {
  readonly bugType: string;
  readonly description: string;
  /** The effect of a parser's failure. */
  readonly effect: string;
  /** The sources. */
  readonly links: readonly string[];
}

const MISJUDGED = "A parser that fails here does not do what this kernel does.";

const FAMILY_NOTES = {
  Boundary: {
    bugType: "EDGE_CASE",
    description: "On one side or the other of what a rule draws the line at.",
    effect: MISJUDGED,
  },
  SingleFault: {
    bugType: "EDGE_CASE",
    description:
      "A valid message in which one field has a value that widths, signs, limits or alignment make special.",
    effect: MISJUDGED,
  },
  FaultPair: {
    bugType: "CHECK_ORDER",
    description: "Two such fields: which of the two the parser looks at first decides on the errno.",
    effect: MISJUDGED,
  },
  MessageEnd: {
    bugType: "OUT_OF_BOUNDS",
    description: "A message that ends early, or has bytes behind its last extent.",
    effect: "A parser that fails here reads past the end of a message, or refuses what this kernel takes.",
  },
  Shape: {
    bugType: "BASIC",
    description: "A valid map of a few extents and strips.",
    effect: MISJUDGED,
  },
} as const satisfies Record<Family, Omit<Note, "links">>;

const isFamily = (flag: string): flag is Family => (FAMILIES as readonly string[]).includes(flag);

/** The note of a flag or a rule in that profile's vectors; null: there is no such flag or rule. */
export function noteOf(profile: Profile, flag: string): Note | null {
  if (isFamily(flag)) return { ...FAMILY_NOTES[flag], links: [] };
  const rule = ruleNamed(flag);
  if (rule !== undefined)
    return {
      bugType: bugType(rule),
      description: rule.sentence,
      effect: rule.consequence,
      links: sources(profile, rule),
    };
  const about = /^(accepts|computes|opens|refuses)\/(.+)$/.exec(flag);
  if (about === null) return null;
  const { sentence, consequence } = meaning(flag);
  const of = ruleNamed(about[2] as string);
  const links = of === undefined ? [profile.source] : sources(profile, of);
  return { bugType: "DIVERGENCE", description: sentence, effect: consequence, links };
}

const bugType = ({ id, errno }: Rule): string => {
  if (id.startsWith("hazard/")) return "HAZARD";
  if (errno !== undefined) return "MISSING_CHECK";
  return id.startsWith("fmap/map/") ? "WRONG_MAP" : "OVERLY_STRICT";
};

const sources = (profile: Profile, { source }: Rule): string[] => {
  const place = source[profile.name];
  return place === undefined ? [profile.source] : [place, profile.source];
};
