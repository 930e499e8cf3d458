import type { HazardId, Profile, RuleId } from "../../spec/index.ts";
import { type KernelCase, kernelCases } from "./cases.ts";
import { kunitSuite } from "./vectors-c.ts";

/** What KUnit said of one vector. */
export interface KunitOutcome {
  /** `suite.group.name`. */
  readonly id: string;
  readonly rule: RuleId | HazardId;
  /** A hazard's case fails in a revision that is known for it. */
  readonly isHazard: boolean;
  readonly outcome: "passed" | "failed" | "not-run";
  /** What KUnit wrote above the result. */
  readonly detail: string;
  /** Hex. */
  readonly message: string;
}

/** The vectors of a profile's KUnit suites, run in a kernel. */
export interface KunitReport {
  readonly suite: "kunit";
  readonly profile: string;
  readonly version: string;
  readonly subject: string;
  readonly cases: readonly KunitOutcome[];
  readonly notes: readonly string[];
  readonly seconds: number;
  readonly complete: boolean;
  /** Hazards that the revision is known for fail the run, too. */
  readonly strict: boolean;
}

/** Reads what KUnit said, in the kernel's log or in /sys/kernel/debug/kunit/SUITE/results. A vector that they do not tell of was not run. */
export function kunitOutcomes(profile: Profile, results: string): KunitOutcome[] {
  const byId = readKtap(results);
  const suite = kunitSuite(profile);
  const { requirements, hazards } = kernelCases(profile);
  const outcome = (c: KernelCase, isHazard: boolean): KunitOutcome => {
    const id = `${suite}${isHazard ? "_hazards" : ""}.${c.group}.${c.name}`;
    const found = byId.get(id);
    return {
      id,
      rule: c.rule,
      isHazard,
      outcome: found === undefined ? "not-run" : found.ok ? "passed" : "failed",
      detail: found?.detail ?? "",
      message: Buffer.from(c.message).toString("hex"),
    };
  };
  return [...requirements.map((c) => outcome(c, false)), ...hazards.map((c) => outcome(c, true))];
}

/**
 * What a module's suites printed, as a stream for kunit.py. Its outermost lines are missing in the kernel's log: version and plan
 * were printed at boot, for no suite at all.
 */
export function kunitStream(log: string): string {
  const lines = log.split("\n").map((line) => line.replace(/^\[ *\d+\.\d+\] /, ""));
  const suites = lines.filter((line) => /^(not )?ok \d+ /.test(line)).length;
  const begin = lines.indexOf("    KTAP version 1");
  return ["KTAP version 1", `1..${suites}`, ...(begin < 0 ? [] : lines.slice(begin))].join("\n");
}

/** The first vector of which a kernel that went down in KUnit told no result on its console; null: it told all of them. */
export function nextVector(profile: Profile, console: string): Uint8Array | null {
  const next = kunitOutcomes(profile, console).find((c) => c.outcome === "not-run");
  return next === undefined ? null : new Uint8Array(Buffer.from(next.message, "hex"));
}

/** How KUnit begins to tell of a failure; in a kernel's log reports of its checkers stand between the lines. */
const FAILED = /(?:EXPECTATION|ASSERTION) FAILED/;

/** Results of the innermost level by their names from the suite down. SKIP is no result. */
function readKtap(text: string): Map<string, { ok: boolean; detail: string }> {
  const found = new Map<string, { ok: boolean; detail: string }>();
  let [suite, group] = ["", ""];
  let detail: string[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/^\[ *\d+\.\d+\] ?/, "");
    const depth = (/^ */.exec(line)?.[0].length ?? 0) / 4;
    const named = /^ *# Subtest: (\S+)/.exec(line)?.[1];
    const [, not, name, directive] = /^ *(not )?ok \d+ (\S+)(?: # (\w+))?/.exec(line) ?? [];
    if (named !== undefined) {
      if (depth <= 1) suite = named;
      else group = named;
      detail = [];
    } else if (name !== undefined) {
      if (depth >= 2 && directive !== "SKIP")
        found.set(`${suite}.${group}.${name}`, { ok: not === undefined, detail: detail.join("\n") });
      detail = [];
    } else if (detail.length > 0 || FAILED.test(line)) detail.push(line.trim().replace(/^# /, ""));
  }
  return found;
}
