import type { KernelCrash } from "../../suites/index.ts";
import { conclude, withVerdict } from "../../suites/run/verdict.ts";
import { completion, factsOf, type Result } from "./result.ts";

/** The test of a kernel that went down over no message that is known. */
const NO_RULE = {
  id: "run/kernel-stays",
  group: "run",
  level: "MUST",
  sentence: "The kernel stays up.",
  source: null,
  consequence: "The machine goes down.",
} as const;

/** A kernel that went down, as the writers see it: the rule of the message that did it is broken, and the run cut short. */
export function crashResult(crash: KernelCrash, stored: string, reproduce: string): Result {
  const failed = {
    outcome: "broken",
    reason: null,
    checks: 1,
    failed: 1,
    shown: [
      {
        profile: crash.message === null ? null : crash.profile,
        kind: "crash",
        message: crash.message,
        expected: "an answer",
        actual: crash.why,
        mark: null,
        map: null,
        path: null,
        request: null,
        reply: null,
        reproduce,
        stored: null,
        flaky: null,
      },
    ],
  } as const;
  const test = { ...(crash.rule === null ? NO_RULE : factsOf(crash.rule, crash.profile)), ...failed };
  const conclusion = conclude([test], {
    unchecked: [{ what: "the rest of the run", why: crash.why }],
    called: () => null,
    narrowed: false,
    limits: [],
    complete: false,
    part: false,
  });
  return {
    ...crash,
    level: "quick",
    conclusion,
    complete: false,
    tests: [test, completion({ complete: false, conclusion })],
    boundaries: null,
    coverage: null,
    extent: "the kernel went down",
    notes: [crash.why],
    stored,
    document: withVerdict(crash, conclusion),
  };
}
