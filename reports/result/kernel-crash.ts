import type { KernelCrash } from "../../suites/index.ts";
import { conclude, withVerdict } from "../../suites/run/verdict.ts";
import { factsOf, failureOf, type Result, resultOf } from "./result.ts";

/** The test of a kernel that went down over no message that is known. */
const NO_RULE = {
  id: "run/kernel-stays",
  group: "run",
  level: "MUST",
  sentence: "The kernel stays up.",
  source: null,
  consequence: "The machine goes down.",
} as const;

/**
 * A kernel that went down, as the writers see it: the rule of the message that did it is broken, and the run cut short.
 * `note`: where there is more to read of it.
 */
export function crashResult(crash: KernelCrash, stored: string, reproduce: string, note: string): Result {
  const about = crash.rule === null ? NO_RULE : factsOf(crash.rule, crash.profile);
  const failure = failureOf({
    rule: about.id,
    profile: crash.message === null ? null : crash.profile,
    kind: "crash",
    message: crash.message,
    expected: "an answer",
    actual: `crash: ${crash.why}`,
    reproduce,
  });
  const test = {
    ...about,
    outcome: "broken",
    reason: null,
    checks: 1,
    failed: 1,
    failures: [failure],
  } as const;
  const conclusion = conclude([test], {
    unchecked: [{ what: "the rest of the run", why: crash.why }],
    called: () => null,
    narrowed: false,
    limits: [],
    complete: false,
    part: false,
  });
  return resultOf({
    ...crash,
    title: `${crash.subject}, profile ${crash.profile}`,
    unit: "message",
    noun: "rule",
    level: "quick",
    conclusion,
    complete: false,
    tests: [test],
    extent: "the kernel went down",
    notes: [note],
    stored,
    document: withVerdict(crash, conclusion),
  });
}
