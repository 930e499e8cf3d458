import type { KernelCrash } from "../suites/index.ts";
import { completion, factsOf, type Result, type TestResult } from "./result.ts";

/** A kernel that went down, as the writers see it: the rule of the message that did it is broken, and the run cut short. */
export function crashResult(crash: KernelCrash, stored: string, reproduce: string): Result {
  const tests: TestResult[] =
    crash.rule === null
      ? []
      : [
          {
            ...factsOf(crash.rule, crash.profile),
            outcome: "broken",
            reason: null,
            checks: 1,
            failed: 1,
            shown: [
              {
                profile: crash.profile,
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
          },
        ];
  const notes = [crash.why];
  return {
    ...crash,
    level: "quick",
    passed: false,
    complete: false,
    tests: [...tests, completion({ complete: false, passed: false, notes }, tests)],
    boundaries: null,
    coverage: null,
    extent: "the kernel went down",
    notes,
    stored,
    document: crash,
  };
}
