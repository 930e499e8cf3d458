/** docs/selftest.md is of the mutants that there are: each stands on it with what it does, and nothing else does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../../base/package-root.ts";
import { RULES, type RuleId } from "../../../spec/index.ts";
import { KINDS, type Kind } from "./outcome.ts";
import { allMutants } from "./selftest.ts";

const PAGE = readFileSync(join(PACKAGE_ROOT, "docs/selftest.md"), "utf8");
const MUTANTS = await allMutants();
const TITLES: Readonly<Record<Kind, string>> = {
  parser: "Parser mutants",
  daemon: "Daemon mutants",
  revision: "Revision mutants",
};

/** The cells of each row of the tables in a section. */
function rowsOf(title: string): string[][] {
  const [, section = ""] = PAGE.split(`\n## ${title}\n`);
  const [text = ""] = section.split("\n## ");
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2).map((line) => line.slice(2, -2).split(" | "));
}

describe.each(KINDS)("mutants of kind %s", (kind) => {
  const mutants = MUTANTS.filter((m) => m.kind === kind);
  const rows = rowsOf(TITLES[kind]);

  it("are those of the page, with what each does", () => {
    const told = mutants.filter((m) => m.equivalent === null).map((m) => [m.name, m.subject]);
    expect(rows.map(([name, subject]) => [name, subject])).toEqual(
      told.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
    );
    for (const { name, subject, equivalent } of mutants.filter((m) => m.equivalent !== null))
      expect(PAGE).toContain(`- ${name}: ${subject}. ${equivalent}`);
  });

  it("are caught, all of them", () => {
    for (const [name, , , , breaks] of rows) expect(breaks, name).toMatch(/^`[a-z]/);
  });
});

it("parser mutants show within 20,000 messages, half of them within 50", () => {
  const messages = rowsOf(TITLES.parser).map((row) => Number(row[2]));
  messages.sort((a, b) => a - b);
  expect(messages[messages.length >> 1]).toBeLessThanOrEqual(50);
  expect(messages.at(-1)).toBeLessThanOrEqual(20_000);
});

it("each rule of daemons has its mutants on the page", () => {
  const alone = new Map(
    rowsOf("Rules and what breaks them").map(([rule = "", n]) => [rule.slice(1, -1), Number(n)]),
  );
  const daemons: RuleId[] = RULES.filter((r) => r.needs === "daemon").map((r) => r.id);
  expect(daemons.filter((rule) => !(Number(alone.get(rule)) > 0))).toEqual([]);
});
