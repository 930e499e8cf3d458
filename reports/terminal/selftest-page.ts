import type { Fate, Kind, RuleKills, SelftestReport } from "../../suites/index.ts";
import { markdownCell, markdownTable } from "./blocks.ts";
import { byKind, summary, worlds } from "./selftest-text.ts";

const TITLES = { parser: "Parser mutants", daemon: "Daemon mutants", revision: "Revision mutants" } as const;

const SAYS = {
  parser:
    "The parser of `drivers/c/fmap.h` with one line changed (`drivers/c/mutants/`). Each is asked the messages of a quick run until it fails, and then thousands more, to see what else it breaks. A witness is what shrinking leaves of a failing message.",
  daemon:
    "The reference daemon with one of its faults (`fmapspec reference-daemon --list-faults`): caught if the requirement that it breaks fails, and no other. Requests are counted from the start of the daemon that showed it, where a single one shows it; the bytes are those of request and reply.",
  revision: "The parser and the resolver of one revision where a run expects those of another one.",
} as const;

/** The report as a page of Markdown, without what differs from machine to machine. */
export function renderSelftestPage(report: SelftestReport): string {
  const kinds = byKind(report.mutants);
  const parts = [
    "# Selftest",
    "The suite judged by subjects that are wrong in a known way: what `fmapspec selftest --report markdown=PATH` writes.",
    kinds.map(([kind, fates]) => `- ${summary(kind, fates, false)}`).join("\n"),
    ...(report.passed ? [] : ["**Not every mutant is where it belongs.**"]),
    "## Rules and what breaks them",
    "Mutants that break the rule and nothing else, and those that break others too. A rule of messages or of daemons that no mutant breaks alone fails the selftest.",
    markdownTable(["rule", "alone", "", "with others"], report.rules.map(ruleRow)),
    ...(report.unproven.length === 0 ? [] : [`Without a mutant of its own: ${report.unproven.join(", ")}.`]),
    ...kinds.flatMap(([kind, fates]) => [`## ${TITLES[kind]}`, SAYS[kind], ...ofKind(kind, fates)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** How many names of mutants a row of the rules has; the others are counted, and stand in the tables behind. */
const NAMED = 3;

function ruleRow({ rule, alone, together }: RuleKills): string[] {
  const more = alone.length - NAMED;
  const names = alone.slice(0, NAMED).join(", ");
  return [
    `\`${rule}\``,
    `${alone.length}`,
    more > 0 ? `${names} and ${more} more` : names,
    `${together.length}`,
  ];
}

function ofKind(kind: Kind, fates: readonly Fate[]): string[] {
  const asked = kind === "daemon" ? "requests" : "messages";
  const equivalent = fates.filter((f) => f.equivalent !== null);
  const tellable = fates.filter((f) => f.equivalent === null);
  const rows = tellable.map((f) => [
    f.name,
    markdownCell(f.subject),
    `${f.messages ?? ""}`,
    `${f.witness ?? ""}`,
    f.rules.length === 0 ? "**survives**" : f.rules.map((r) => `\`${r}\``).join(", "),
  ]);
  const alike = equivalent.map(
    (f) => `- ${f.name}: ${markdownCell(f.subject)}. ${markdownCell(`${f.equivalent}`)}${worlds(f)}.`,
  );
  return [
    markdownTable(["mutant", "what it does", asked, "bytes", "breaks"], rows),
    ...(alike.length === 0
      ? []
      : ["Nothing that is asked can tell these from the original:", alike.join("\n")]),
  ];
}
