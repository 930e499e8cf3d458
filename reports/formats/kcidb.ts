import { createHash } from "node:crypto";
import { wellFormed } from "../line.ts";
import { COMPLETE, type Result, type TestResult } from "../result/result.ts";
import { because, failureLine } from "../result/summary.ts";
import { ktapName } from "./ktap.ts";

/** What a kernel CI system says of itself when it submits. */
export interface KcidbSubmitter {
  /** Its name there, `[a-z0-9_]+`. */
  readonly origin: string;
  /** The build that was tested, `origin:...`. */
  readonly buildId: string;
}

/** KCIDB 5.3 takes a log excerpt of so many characters at most. */
const MAX_EXCERPT = 16_384;

/** A KCIDB 5.3 submission: a test for each rule, below `famfs.get_fmap`. */
export function renderKcidb(results: readonly Result[], submitter: KcidbSubmitter): string {
  const tests = results.flatMap((r) => r.tests.map((t) => test(t, r, submitter)));
  return `${JSON.stringify({ version: { major: 5, minor: 3 }, tests }, null, 2)}\n`;
}

/** `FAIL`: the tested code is wrong; `ERROR`: it broke down; `MISS`: the test did not run; `SKIP`: it does not apply. */
const STATUS = {
  passed: "PASS",
  warning: "PASS",
  failed: "FAIL",
  "unexpected-pass": "FAIL",
  "expected-failure": "FAIL",
  broken: "ERROR",
  inconclusive: "ERROR",
  "not-run": "MISS",
  "not-applicable": "SKIP",
} as const satisfies Record<TestResult["outcome"], string>;

function test(t: TestResult, r: Result, { origin, buildId }: KcidbSubmitter) {
  const path = ktapName(`famfs.get_fmap.${r.suite}.${r.profile}.${t.id}`);
  // The same run of the same build is the same test, however often it is submitted.
  const digest = createHash("sha256").update(JSON.stringify([buildId, path, r.subject, r.seed, r.version]));
  const why = because(t);
  return {
    id: `${origin}:${digest.digest("hex")}`,
    origin,
    build_id: buildId,
    path,
    status: STATUS[t.outcome],
    comment: noNul(t.sentence),
    ...(why === "" ? {} : { log_excerpt: excerpt(t, why) }),
    misc: {
      outcome: t.outcome,
      profile: r.profile,
      seed: r.seed,
      level: r.level,
      subject: noNul(r.subject),
      fmapspec: r.version,
      checks: t.checks,
      failed: t.failed,
      ...(t.id === COMPLETE && {
        verdict: r.conclusion.verdict,
        counts: r.conclusion.counts,
        scope: noNul(r.conclusion.scope),
      }),
    },
  };
}

function excerpt(t: TestResult, why: string): string {
  const lines = [why, ...t.failures.flatMap((s) => [failureLine(s), s.message ?? "", s.reproduce])];
  const whole = noNul([...new Set(lines)].filter((line) => line !== "").join("\n"));
  if (whole.length <= MAX_EXCERPT) return whole;
  const note = "\n(cut off)";
  return wellFormed(whole.slice(0, MAX_EXCERPT - note.length)) + note;
}

/** Its strings hold no NUL. */
const noNul = (text: string) => wellFormed(text).replaceAll("\u0000", "");
