/** Arguments: what a command declares is read, everything else is refused in one sentence. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { DEFAULT_PROFILE, PROFILES, RULES } from "../../spec/index.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import { painter } from "../context.ts";
import { choice, flag, profiles, readOptions, text, texts, whole } from "./options.ts";

const DECLARED = {
  name: { type: "string" },
  many: { type: "string", multiple: true },
  loud: { type: "boolean", short: "l" },
} as const;
const read = (...args: string[]) => readOptions(args, DECLARED);

describe("options", () => {
  it("are read up to --, and what follows is the subject's command", () => {
    const p = read("--name", "x", "-l", "word", "--many=1", "--many", "2", "--", "cmd", "--name");
    expect([text(p, "name"), texts(p, "many"), flag(p, "loud")]).toEqual(["x", ["1", "2"], true]);
    expect([p.positionals, p.command]).toEqual([["word"], ["cmd", "--name"]]);
    expect(read("--")).toMatchObject({ command: [] });
    expect(read()).toMatchObject({ command: null, positionals: [] });
    expect([text(read(), "name"), texts(read(), "many"), flag(read(), "loud")]).toEqual([
      undefined,
      [],
      false,
    ]);
  });

  it.each([
    [["--nam"], "there is no option --nam; there are --help, --no-color, --name, --many, --loud"],
    [["-x"], "there is no option -x; there are --help, --no-color, --name, --many, --loud"],
    [["--name"], "Option '--name <value>' argument missing"],
    [["--name", "-5"], "what follows --name looks like an option; write --name=VALUE"],
    [["--loud=1"], "Option '-l, --loud' does not take an argument"],
  ])("%j are refused", (args, message) => {
    expect(() => read(...args)).toThrow(new UsageError(message));
  });

  it("that are whole numbers keep their bounds", () => {
    const number = (value: string, min: number, max?: number) =>
      whole(read(`--name=${value}`), "name", min, max);
    expect([number("-5", -10), number("7", 1, 7), whole(read(), "name", 1)]).toEqual([-5, 7, undefined]);
    for (const value of ["1.5", "0x10", "", " 1", "1e3", "99999999999999999999"])
      expect(() => number(value, 1)).toThrow(
        new UsageError(`--name takes a whole number from 1 on, not '${value}'`),
      );
    expect(() => number("8", 1, 7)).toThrow(
      new UsageError("--name takes a whole number from 1 to 7, not '8'"),
    );
  });

  it("that are a choice have a first one", () => {
    expect(choice(read(), "name", ["a", "b"])).toBe("a");
    expect(choice(read("--name", "b"), "name", ["a", "b"])).toBe("b");
    expect(() => choice(read("--name", "c"), "name", ["a", "b"])).toThrow(
      new UsageError("--name takes a, b, not 'c'"),
    );
  });

  it("that name profiles may name all, and each once", () => {
    const named = (...names: string[]) =>
      profiles(
        readOptions(
          names.map((n) => `--profile=${n}`),
          { profile: { type: "string", multiple: true } },
        ),
      );
    expect(named()).toEqual([DEFAULT_PROFILE]);
    expect(named("all")).toEqual(PROFILES);
    expect(named(DEFAULT_PROFILE.name, DEFAULT_PROFILE.name)).toEqual([DEFAULT_PROFILE]);
    expect(() => named("v99")).toThrow(/^there is no profile 'v99'; there are /);
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
