/** The step after which the daemon serves something else, and so the last of a run. */
import type { Manifest } from "../../../spec/index.ts";
import { checkMutation, type Mutation } from "../checks/mutation.ts";
import type { Starts } from "../starts/starts.ts";
import type { Found } from "./found.ts";
import type { Step } from "./step.ts";

/** What only --mutate shows. */
export const MUTATED = [
  "daemon/change/map",
  "daemon/change/size",
  "daemon/change/gone-file",
  "daemon/change/reused-nodeid",
] as const;

export function mutationStep(
  found: Found,
  starts: Starts,
  mutation: Mutation,
  expect: Manifest | null,
): Step {
  let begun = false;
  return {
    name: "what is served after --mutate",
    checks: MUTATED,
    asker: "famfs",
    walks: true,
    async work({ kernel }) {
      const { ledger } = kernel;
      const before = expect?.files.map((f) => f.path) ?? found.served.map((f) => f.node.path);
      // The command may not be one that can be given twice.
      const again = begun;
      begun = true;
      const why = again
        ? "the daemon died after the command of --mutate had begun"
        : await checkMutation(kernel, mutation, before);
      const kept = new Set(mutation.after.files.map((f) => f.path));
      if (before.every((path) => kept.has(path)))
        ledger.excuse("daemon/change/gone-file", "the second manifest has all files of the first");
      if (why === null) return;
      starts.leaveOut("what is served after --mutate", why);
      ledger.miss(MUTATED, why);
    },
  };
}
