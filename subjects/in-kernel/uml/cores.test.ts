import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { allowedCores } from "./cores.ts";

it("are those that this process may run on", () => {
  expect(allowedCores()).toHaveLength(availableParallelism());
});

it.each([
  ["0", [0]],
  ["0-3", [0, 1, 2, 3]],
  ["2,4-5,9", [2, 4, 5, 9]],
])("are read from the list %s", (list, cores) => {
  expect(allowedCores(`Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\n`)).toEqual(cores);
});
