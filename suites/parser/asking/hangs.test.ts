import { expect, it } from "vitest";
import { Hangs } from "./hangs.ts";

const RULE = "fmap/header/nextents-limit";
const OTHER = "fmap/header/ext-type";

it("after three hangs of a rule its messages are left out, and said to be", () => {
  const hangs = new Hangs();
  for (let n = 0; n < 3; n++) {
    expect(hangs.bars(() => RULE)).toBe(false);
    hangs.add(RULE);
  }
  expect([hangs.bars(() => RULE), hangs.bars(() => OTHER)]).toEqual([true, false]);
  expect(hangs.notes()).toEqual([`messages that ${RULE} decides were left out after 3 hangs`]);
  expect(hangs.exhausted).toBeNull();
});

it("after ten hangs in all, of one message or of several at once, nothing more is asked", () => {
  const hangs = new Hangs();
  for (let n = 0; n < 10; n++) {
    expect(hangs.exhausted).toBeNull();
    hangs.add(n % 2 === 0 ? null : n % 4 === 1 ? RULE : OTHER);
  }
  expect(hangs.exhausted).toBe("given up after 10 hangs");
});

it("what decides a message is not looked for as long as nothing is left out", () => {
  const hangs = new Hangs();
  hangs.add(RULE);
  expect(
    hangs.bars(() => {
      throw new Error("it was looked for");
    }),
  ).toBe(false);
});
