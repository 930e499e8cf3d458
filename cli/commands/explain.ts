import { noSuch } from "../../base/similar.ts";
import { errnoIn, holdsIn, PROFILES, type Rule, ruleNamed, unsettledIn } from "../../spec/index.ts";
import { RULE_IDS } from "../options/run-options.ts";
import { command } from "../options/table.ts";

export const explain = command({
  about:
    "Prints what a rule demands, where it comes from and what it protects; fmapspec list lists the rules.",
  options: {},
  operand: { takes: "RULE", noun: "rule", count: "one", offers: RULE_IDS },
  async run({ operands: [id = ""] }, { paint, print }) {
    const r = ruleNamed(id);
    if (r === undefined) throw noSuch("rule", id, RULE_IDS, "fmapspec list lists the rules");
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
});

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
