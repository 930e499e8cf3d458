import { type Needs, RULES } from "../../../spec/index.ts";
import type { ParserSubject } from "../../../subjects/driver/subject.ts";

const NEEDS: Record<Needs, string> = {
  message: "",
  allocation: "only kernel source can have an allocation fail",
  install: "only kernel source has an inode to install a map on",
  resolution: "the subject does not resolve offsets",
  exchange: "a parser has no part in the exchange with the daemon",
  daemon: "a parser is no daemon",
  observation: "only kernel source can be watched",
  unreachable: "no message reaches it, other checks stand before it",
};

/** Why the subject cannot be held to a rule, for each that it cannot. */
export function unableOf({
  abilities,
  exempt,
}: Pick<ParserSubject, "abilities" | "exempt">): Record<string, string> {
  const unable = RULES.map((r) => [r.id, abilities.has(r.needs) ? exempt.get(r.id) : NEEDS[r.needs]]);
  return Object.fromEntries(unable.filter(([, reason]) => reason !== undefined));
}
