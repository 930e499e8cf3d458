import { expect, it } from "vitest";
import { inTurn } from "./in-turn.ts";

it("takes one of each, and of those that have more when others have come to their end", () => {
  expect([...inTurn(["a", "b", "c"].values(), [].values(), ["1"].values(), ["x", "y"].values())]).toEqual([
    "a",
    "1",
    "x",
    "b",
    "y",
    "c",
  ]);
});

it("of nothing takes nothing", () => {
  expect([...inTurn()]).toEqual([]);
});
