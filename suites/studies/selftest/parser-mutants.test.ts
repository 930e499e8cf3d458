/** The suite catches planted bugs: mutants of the C driver, each with one line changed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SubjectError } from "../../../base/errors.ts";
import { DEFAULT_PROFILE } from "../../../spec/index.ts";
import { available } from "../../../test/tools.ts";
import { type ParserMutant, ParserMutants, readMutants } from "./parser-mutants.ts";

const MUTANTS = await readMutants();
const mutant = (name: string) => MUTANTS.find((m) => m.name === name) as ParserMutant;

/** A mutant, and the longest message that it may take to show it. */
const CAUGHT: readonly (readonly [name: string, longest: number])[] = [
  ["001-header-underflow-removed", 32],
  ["077-offset-removed", 56],
  ["115-errors-assigned", 848],
  ["166-strips-underflow-removed", 80],
];

describe("the mutants", () => {
  it("are at least 60, each names its rule, and few of them cannot be told from the original", () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(60);
    const equivalent = MUTANTS.filter((m) => m.equivalent !== null);
    expect(equivalent.length).toBeLessThan(MUTANTS.length / 20);
    for (const { equivalent: reason } of equivalent) expect(reason).toMatch(/\w+ \w+/);
  });
});

describe.skipIf(!available("gcc", "gcc"))("a planted bug", () => {
  let test: ParserMutants;
  beforeAll(async () => {
    test = await ParserMutants.prepare(DEFAULT_PROFILE, { seed: 1, signal: new AbortController().signal });
  });
  afterAll(() => test.dispose());

  it.each(CAUGHT)("%s is caught by a message of at most %i bytes", async (name, longest) => {
    const result = await test.try(mutant(name));
    expect(result.messages).toBeGreaterThan(0);
    expect(result.witness).toBeLessThanOrEqual(longest);
    expect(result.rules.length).toBeGreaterThan(0);
  });

  it("that nobody can see is not seen, and answers every small world as the original does", async () => {
    const { equivalent } = mutant("217-total-aligned-down");
    expect(equivalent).not.toBeNull();
    const result = await test.try(mutant("217-total-aligned-down"));
    expect(result).toMatchObject({ messages: null, rules: [], witness: null });
    expect(result.worlds).toBeGreaterThan(25_000);
  });

  it("that is said to be equivalent, and hides from the run, is found out by the small worlds", async () => {
    // A chunk size that no boundary has, and a small world has.
    const { patch, ...rest } = mutant("160-chunk-size-u24");
    const hidden = patch.replace("& 0xffffff", "- (fmap_le32(msg + next + 4) == 0x201000)");
    const result = await test.try({ ...rest, name: "hidden", patch: hidden, equivalent: "it is hidden" });
    expect(result).toMatchObject({ messages: null, rules: [] });
    expect(result.contradiction).toMatch(/^it answers (..)+ otherwise, a message of the small worlds$/);
  });

  it("that does not apply or compile is named", async () => {
    const odd = { ...mutant("077-offset-removed"), name: "odd" };
    const moved = { ...odd, patch: odd.patch.replaceAll("offset", "elsewhere") };
    await expect(test.build(moved)).rejects.toThrow(
      new SubjectError("mutant odd does not apply to drivers/c/fmap.h"),
    );
    const broken = { ...odd, patch: odd.patch.replace(/^-(.*)offset(.*)$/m, "$&\n+ this is no C;") };
    await expect(
      test.build({ ...broken, patch: broken.patch.replace(",7 +41,6 @@", ",7 +41,7 @@") }),
    ).rejects.toThrow(/^mutant odd does not compile: /);
  });
});
