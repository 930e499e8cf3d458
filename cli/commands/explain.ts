import { UsageError } from "../../base/errors.ts";
import { errnoIn, holdsIn, PROFILES, RULES, type Rule, ruleNamed, unsettledIn } from "../../spec/index.ts";
import type { Command } from "../command.ts";
import { readOptions } from "../options/options.ts";

/** Ids that share the most path parts or letters with what was asked for. */
function close(id: string): string[] {
  const words = id.split(/[/-]/).filter((w) => w.length > 2);
  return RULES.map((r) => ({ id: r.id, hits: words.filter((w) => r.id.includes(w)).length }))
    .filter((r) => r.hits > 0)
    .sort((a, b) => b.hits - a.hits)
    .slice(0, 3)
    .map((r) => r.id);
}

export const explain: Command = {
  help: "usage: fmapspec explain RULE\n\nfmapspec list shows the rules.\n",
  async run(args, { paint, print }) {
    const [id, extra] = readOptions(args, {}).positionals;
    if (id === undefined || extra !== undefined)
      throw new UsageError("explain takes one rule; fmapspec list shows them");
    const r = ruleNamed(id);
    if (r === undefined) {
      const near = close(id);
      const hint = near.length === 0 ? "fmapspec list shows them" : `did you mean ${near.join(" or ")}?`;
      throw new UsageError(`there is no rule '${id}'; ${hint}`);
    }
    print(`${paint("bold", r.id)} (${r.level})\n\n${r.sentence}\n\n`);
    for (const line of errnos(r)) print(`errno        ${line}\n`);
    print(`consequence  ${r.consequence}\n`);
    print(`checked on   ${CHECKED[r.needs]}\n`);
    for (const [profile, place] of Object.entries(r.source)) print(`source       ${profile}: ${place}\n`);
    for (const p of PROFILES) {
      const reason = holdsIn(r, p) ? unsettledIn(r, p) : null;
      if (reason !== null) print(`unspecified  ${p.name}: ${reason}\n`);
    }
    return 0;
  },
};

/** The rule's errno; by profile where the profiles differ. */
function errnos(r: Rule): string[] {
  if (r.errno === undefined) return [];
  const by = new Map<string, string[]>();
  for (const p of PROFILES.filter((p) => holdsIn(r, p))) {
    const errno = errnoIn(r, p) ?? "none: success";
    by.set(errno, [...(by.get(errno) ?? []), p.name]);
  }
  return by.size === 1 ? [...by.keys()] : [...by].map(([errno, names]) => `${errno} (${names.join(", ")})`);
}

const CHECKED = {
  message: "every parser: driver or kernel source",
  allocation: "kernel source, where the suite can have an allocation fail",
  install: "kernel source, where there is an inode to install a map on",
  resolution: "NDJSON drivers that resolve, and kernel source with the resolver",
  exchange: "the exchange oracle only; no subject plays it yet",
  daemon: "a daemon on a FUSE channel",
  observation: "kernel source, under AddressSanitizer and UndefinedBehaviorSanitizer",
  unreachable: "nothing: other checks stand before it",
} as const;
