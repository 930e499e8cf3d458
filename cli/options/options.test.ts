/** Arguments: what a command declares is read, everything else is refused in one sentence. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { DEFAULT_PROFILE, PROFILES, RULES } from "../../spec/index.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import { painter } from "../context.ts";
import { flag, oneOf, whole, word, words } from "./kinds.ts";
import { parse } from "./parse.ts";
import { severalProfiles } from "./profiles.ts";
import { command } from "./table.ts";

const TRY = command({
  about: "",
  options: {
    some: {
      name: word("X", ""),
      many: words("X", ""),
      loud: flag("", "l"),
      count: whole("", { min: -10, max: 7 }),
      least: whole("", { min: 1 }),
      way: oneOf("WAY", "", ["slow", "quick"]),
    },
    others: { profile: severalProfiles },
  },
  operand: { takes: "WORD", noun: "word", count: "any number" },
  program: "CMD",
  run: async () => 0,
});
const read = (...args: string[]) => parse("try", TRY, args);

describe("options", () => {
  it("are read up to --, and what follows is the program", () => {
    const p = read("--name", "x", "-l", "word", "--many=1", "--many", "2", "--", "cmd", "--name");
    expect(p.values).toMatchObject({
      name: "x",
      many: ["1", "2"],
      loud: true,
      count: undefined,
      way: "slow",
    });
    expect([...p.given]).toEqual(["name", "loud", "many"]);
    expect([p.operands, p.program]).toEqual([["word"], ["cmd", "--name"]]);
    expect(read()).toMatchObject({ program: null, operands: [], values: { name: undefined, many: [] } });
    expect(read("--name=a", "--name=b", "--many=-5").values).toMatchObject({ name: "b", many: ["-5"] });
  });

  it.each([
    ["--nam", "there is no option '--nam' (did you mean --name?); fmapspec try --help lists the options"],
    ["-x", "there is no option '-x'; fmapspec try --help lists the options"],
    ["--name", "--name needs a value: --name X"],
    ["--name -5", "what follows --name looks like an option; write --name=VALUE"],
    ["--loud=1", "--loud takes no value, not '1'"],
    ["--count=8", "--count takes a whole number from -10 to 7, not '8'"],
    ["--way=quik", "--way takes slow or quick, not 'quik' (did you mean quick?)"],
    ["--way=x", "--way takes slow or quick, not 'x'"],
    ["--", "there is no command behind --: try takes -- CMD"],
  ])("%s is refused", (args, message) => {
    expect(() => read(...args.split(" "))).toThrow(new UsageError(message));
  });

  it("that are whole numbers keep their bounds", () => {
    expect(read("--count=-5", "--least=7").values).toMatchObject({ count: -5, least: 7 });
    for (const value of ["1.5", "0x10", "", " 1", "1e3", "99999999999999999999"])
      expect(() => read(`--least=${value}`)).toThrow(
        new UsageError(`--least takes a whole number of at least 1, not '${value}'`),
      );
  });

  it("that name profiles may name all, and each once", () => {
    const named = (...names: string[]) => read(...names.map((n) => `--profile=${n}`)).values.profile;
    expect(named()).toEqual([DEFAULT_PROFILE]);
    expect(named("all")).toEqual(PROFILES);
    expect(named(DEFAULT_PROFILE.name, DEFAULT_PROFILE.name)).toEqual([DEFAULT_PROFILE]);
    expect(() => named("v99")).toThrow(
      /^there is no profile 'v99' \(did you mean v9\?\); there are rfc-v1, /,
    );
  });
});

describe("globs over rules", () => {
  it("match ids, all of them without any glob", () => {
    const count = (...globs: string[]) => RULES.filter((r) => ruleGlobs(globs)(r.id)).length;
    expect(count()).toBe(RULES.length);
    expect(count("fmap/total/*")).toBe(2);
    expect(count("fmap/total/*", "fmap/total/wraps", "fmap/header/underflow")).toBe(3);
  });

  it.each(["", "[", "no/such/*"])("have to match one: '%s'", (glob) => {
    expect(() => ruleGlobs([glob])).toThrow(
      new UsageError(`'${glob}' matches no rule; fmapspec list shows them`),
    );
  });
});

describe("colour", () => {
  afterEach(() => void vi.unstubAllEnvs());
  it.each([
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "1" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, false],
    [{ FORCE_COLOR: "0" }, false, false],
    [{}, false, false],
  ])("with %j and --no-color %s: %s", (env, noColor, expected) => {
    for (const name of ["FORCE_COLOR", "NO_COLOR"]) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const coloured = painter(noColor)("red", "x") !== "x";
    // On a terminal the last two would be coloured or not by TERM.
    if (!process.stdout.isTTY || expected) expect(coloured).toBe(expected);
  });
});
