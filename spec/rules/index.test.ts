import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { ERRNO } from "../errno.ts";
import { PROFILES } from "../profiles/index.ts";
import { acceptedRules } from "./accepted.ts";
import { errnoIn, RULES, type RuleId, rule, ruleGroup, ruleNamed, unsettledIn } from "./index.ts";
import { parserRules } from "./parser.ts";
import type { RuleEntry } from "./rule.ts";

const files = readdirSync(import.meta.dirname)
  .filter((name) => /^[a-z-]+\.ts$/.test(name) && name !== "index.ts")
  .map((name) => name.slice(0, -".ts".length));
const lists: Record<string, RuleEntry>[] = [];
for (const file of files)
  for (const [name, list] of Object.entries(await import(`../rules/${file}.ts`)))
    if (name.endsWith("Rules")) lists.push(list as Record<string, RuleEntry>);

it("lists every rule of every file, and no id twice", () => {
  const ids = lists.flatMap(Object.keys);
  expect(RULES.map((r) => r.id).sort()).toEqual(ids.sort());
  expect(new Set(ids).size).toBe(RULES.length);
});

it("begins with the parser's checks and ends with the hazards", () => {
  const ids = RULES.map((r) => r.id);
  const parser = Object.keys(parserRules);
  expect(ids.slice(0, parser.length)).toEqual(parser);
  const hazards = ids.filter((id) => id.startsWith("hazard/"));
  expect(ids.slice(-hazards.length)).toEqual(hazards);
});

it("finds a rule by its id", () => {
  for (const r of RULES) {
    expect(ruleNamed(r.id)).toBe(r);
    expect(rule(r.id)).toBe(r);
  }
  for (const id of ["", "fmap/header", "toString"]) expect(ruleNamed(id)).toBeUndefined();
});

it("knows the group of a rule", () => {
  expect(ruleGroup("fmap/simple/underflow")).toBe("fmap/simple");
  expect(ruleGroup("hazard/devindex-shift")).toBe("hazard");
});

it.each(RULES.map((r) => [r.id, r] as const))("%s is well formed", (id, r) => {
  expect(id).toMatch(/^[a-z]+(\/[a-z]+)?\/[a-z]+(-[a-z]+)*$/);
  for (const text of [r.sentence, r.consequence]) {
    expect(text).toMatch(/^\S(.*\S)?\.$/);
    expect(text).not.toMatch(/\n| {2}/);
  }
  for (const profile of PROFILES) {
    const errno = errnoIn(r, profile);
    if (errno !== null) expect(ERRNO).toHaveProperty(errno);
  }
  expect(r.needs === "observation").toBe(id.startsWith("hazard/"));
  if (r.needs === "observation") expect(r.level).toBe("SHOULD");
});

it.each(RULES.map((r) => [r.id, r] as const))("%s has a source, in profiles that exist", (_, r) => {
  const profiles = Object.keys(r.source);
  expect(profiles.length).toBeGreaterThan(0);
  expect(PROFILES.map((p) => p.name)).toEqual(expect.arrayContaining(profiles));
  for (const place of Object.values(r.source)) expect(place).toMatch(/^\S(.*\S)?$/);
  // Lines and patch numbers are those of rfc-v2, and of rfc-v1 where that was read.
  for (const [profile, place] of Object.entries(r.source))
    if (!profile.startsWith("rfc-")) expect(place).not.toMatch(/:\d|^\d+\/\d+/);
});

it("a check of the parser has an errno, and what is accepted has none", () => {
  const without = Object.entries(parserRules).filter(([, r]) => !("errno" in r));
  expect(without.map(([id]) => id)).toEqual(["fmap/total/wraps" satisfies RuleId]);
  for (const r of Object.values(acceptedRules)) expect(r).not.toHaveProperty("errno");
});

it("a line of rfc-v2's famfs.c lies in the file, and the checks of an interleaved extent follow its lines", () => {
  const lineOf = (place: string) => Number(/famfs\.c:(\d+)/.exec(place)?.[1]);
  for (const r of RULES) {
    const place = r.source["rfc-v2"] ?? "";
    if (/^famfs\.c:/.test(place)) expect(lineOf(place)).toBeLessThanOrEqual(360);
  }
  const lines = Object.entries(parserRules)
    .filter(([id, r]) => id.startsWith("fmap/interleaved/") && "rfc-v2" in r.source)
    .map(([, r]) => lineOf(r.source["rfc-v2"] as string));
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
});

it("a violation returns nothing, one errno everywhere, or what the profile says", () => {
  for (const p of PROFILES) {
    expect(errnoIn({}, p)).toBeNull();
    expect(errnoIn({ errno: "EIO" }, p)).toBe("EIO");
    expect(errnoIn({ errno: { of: "nextentsZero" } }, p)).toBe(p.errnos.nextentsZero);
  }
});

it("a rule is settled unless it rests on what the profile leaves open", () => {
  for (const p of PROFILES) {
    expect(unsettledIn({}, p)).toBeNull();
    expect(unsettledIn({ restsOn: "no/such/path" }, p)).toBeNull();
    for (const [path, why] of Object.entries(p.open)) expect(unsettledIn({ restsOn: path }, p)).toBe(why);
  }
});
