import { expect, it } from "vitest";
import { ERRNO } from "../errno.ts";
import { PROFILES } from "../profiles/index.ts";
import { acceptedRules } from "./accepted.ts";
import { exchangeRules } from "./exchange.ts";
import { hazardRules } from "./hazards.ts";
import { RULES, type RuleId, rule, ruleGroup, ruleNamed } from "./index.ts";
import { installRules } from "./install.ts";
import { parserRules } from "./parser.ts";
import { resolveRules } from "./resolve.ts";

const FILES = [parserRules, acceptedRules, installRules, exchangeRules, resolveRules, hazardRules];
const NEEDS = ["message", "allocation", "install", "resolution", "exchange", "observation", "unreachable"];

it("lists every rule of every file once, in their order", () => {
  expect(RULES.map((r) => r.id)).toEqual(FILES.flatMap(Object.keys));
  expect(new Set(RULES.map((r) => r.id)).size).toBe(RULES.length);
});

it("finds a rule by its id", () => {
  for (const r of RULES) {
    expect(ruleNamed(r.id)).toBe(r);
    expect(rule(r.id)).toBe(r);
  }
  expect(ruleNamed("fmap/header")).toBeUndefined();
  expect(ruleNamed("toString")).toBeUndefined();
});

it("knows the group of a rule", () => {
  expect(ruleGroup("fmap/simple/underflow")).toBe("fmap/simple");
  expect(ruleGroup("hazard/devindex-shift")).toBe("hazard");
});

it.each(RULES.map((r) => [r.id, r] as const))("%s is well formed", (id, r) => {
  expect(id).toMatch(/^(fmap\/[a-z]+|install|exchange|resolve|hazard)\/[a-z]+(-[a-z]+)*$/);
  for (const text of [r.sentence, r.consequence]) {
    expect(text).toMatch(/^\S(.*\S)?\.$/);
    expect(text).not.toMatch(/\n| {2}/);
  }
  if (r.errno !== undefined) expect(ERRNO).toHaveProperty(r.errno);
  expect(NEEDS).toContain(r.needs);
  expect(r.level).toBe(id.startsWith("hazard/") ? "SHOULD" : "MUST");
  expect(r.needs === "observation").toBe(id.startsWith("hazard/"));
});

it.each(RULES.map((r) => [r.id, r] as const))("%s has a source, in profiles that exist", (_, r) => {
  const profiles = Object.keys(r.source);
  expect(profiles.length).toBeGreaterThan(0);
  expect(PROFILES.map((p) => p.name)).toEqual(expect.arrayContaining(profiles));
  for (const place of Object.values(r.source)) expect(place).toMatch(/^\S.*[\w)]$/);
});

it("a check of the parser has an errno, and what is accepted has none", () => {
  const without = Object.entries(parserRules).filter(([, r]) => !("errno" in r));
  expect(without.map(([id]) => id)).toEqual(["fmap/total/wraps" satisfies RuleId]);
  for (const r of Object.values(acceptedRules)) expect(r).not.toHaveProperty("errno");
});

it("a line of famfs.c lies in the file, and the parser's rules of one branch follow its lines", () => {
  const lineOf = (source: string) => Number(/famfs\.c:(\d+)/.exec(source)?.[1]);
  for (const r of RULES) {
    const place = r.source["rfc-v2"] ?? "";
    if (/^famfs\.c:/.test(place)) expect(lineOf(place)).toBeLessThanOrEqual(360);
  }
  const interleaved = Object.entries(parserRules).filter(([id]) => id.startsWith("fmap/interleaved/"));
  const lines = interleaved.map(([, r]) => lineOf(r.source["rfc-v2"]));
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
});
