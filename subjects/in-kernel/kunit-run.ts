import { type HazardId, hexOf, type Profile, type RuleId } from "../../spec/index.ts";
import { type KernelCase, kernelCases } from "./cases.ts";
import { kunitSuite } from "./vectors-c.ts";

/** KUnit's result for one vector. */
export interface KunitOutcome {
  /** `suite.group.name`. */
  readonly id: string;
  readonly rule: RuleId | HazardId;
  /** A case of a hazard fails in a revision with that known fault. */
  readonly isHazard: boolean;
  readonly outcome: "passed" | "failed" | "not-run";
  /** KUnit's lines above the result. */
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
  /** Known hazards of the revision fail the run, too. */
  readonly strict: boolean;
}

/** Reads KUnit's results, from the kernel's log or /sys/kernel/debug/kunit/SUITE/results. A vector without a result was not run. */
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
      message: hexOf(c.message),
    };
  };
  return [...requirements.map((c) => outcome(c, false)), ...hazards.map((c) => outcome(c, true))];
}

/**
 * The output of a module's suites as a stream for kunit.py. The kernel's log lacks the outermost lines, because the kernel
 * printed version and plan at boot, when there was no suite.
 */
export function kunitStream(log: string): string {
  const lines = log.split("\n").map((line) => line.replace(/^\[ *\d+\.\d+\] /, ""));
  const suites = lines.filter((line) => /^(not )?ok \d+ /.test(line)).length;
  const begin = lines.indexOf("    KTAP version 1");
  return ["KTAP version 1", `1..${suites}`, ...(begin < 0 ? [] : lines.slice(begin))].join("\n");
}

/** The first vector without a result on the console of a kernel that crashed in KUnit; null: all have results. */
export function nextVector(profile: Profile, console: string): Uint8Array | null {
  const next = kunitOutcomes(profile, console).find((c) => c.outcome === "not-run");
  return next === undefined ? null : new Uint8Array(Buffer.from(next.message, "hex"));
}

/** The beginning of KUnit's report of a failure. In a kernel's log, other reports may be between its lines. */
const FAILED = /(?:EXPECTATION|ASSERTION) FAILED/;

/** Results of the innermost level by their full names, from the suite on. SKIP is not a result. */
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
