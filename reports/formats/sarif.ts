import { createHash } from "node:crypto";
import { isAbsolute, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { exitStatus } from "../../suites/run/verdict.ts";
import { wellFormed } from "../line.ts";
import { type Failure, isBad, type Result, type TestResult } from "../result/result.ts";
import { because, failureLine } from "../result/summary.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** SARIF 2.1.0: a run for each result, a rule for each of ours, a result for each failure and each known finding. */
export function renderSarif(results: readonly Result[]): string {
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: results.map(run) }, null, 2)}\n`;
}

function run(r: Result) {
  const { verdict, reasons, scope, counts } = r.conclusion;
  const conclusion = { verdict, reasons: reasons.map(wellFormed), scope: wellFormed(scope), counts };
  const rules = r.tests.map((t) => ({
    id: t.id,
    shortDescription: text(t.sentence),
    fullDescription: text(`${t.sentence} ${t.consequence}`),
    help: text(
      `${t.sentence}\nIf it is broken: ${t.consequence}${t.source === null ? "" : `\nSource: ${t.source}`}`,
    ),
    defaultConfiguration: { level: severity(t) },
    properties: { group: t.group, requirement: t.level },
  }));
  return {
    tool: { driver: { name: "fmapspec", semanticVersion: r.version, rules } },
    automationDetails: { id: `fmapspec/${r.suite}/${r.profile}/` },
    invocations: [{ executionSuccessful: r.complete, exitCode: exitStatus([r.conclusion.verdict]) }],
    columnKind: "utf16CodeUnits",
    results: r.tests.flatMap((t, i) => findings(t, i, r)),
    properties: {
      profile: r.profile,
      seed: r.seed,
      level: r.level,
      subject: wellFormed(r.subject),
      ...conclusion,
    },
  };
}

const text = (s: string) => ({ text: wellFormed(s) });

/** MUST is an error and SHOULD a warning; what a revision is known for, and does not fail the run, is a note. */
const severity = (t: TestResult) => {
  if (t.outcome === "expected-failure") return "note";
  return t.outcome === "warning" || t.level === "SHOULD" ? "warning" : "error";
};

function findings(t: TestResult, ruleIndex: number, r: Result) {
  if (!isBad(t) && t.outcome !== "expected-failure" && t.outcome !== "warning") return [];
  const same = { ruleId: t.id, ruleIndex, level: severity(t) };
  if (t.failures.length === 0)
    return [{ ...same, message: text(because(t)), locations: [location(r.stored, t)], ...identity(t, null) }];
  return t.failures.map((s) => ({
    ...same,
    message: text(failureLine(s)),
    locations: [location(s.stored ?? r.stored, t)],
    ...identity(t, s),
    properties: {
      kind: s.kind,
      ...(s.reproduce === "" ? {} : { reproduce: wellFormed(s.reproduce) }),
      ...(s.message === null ? {} : { bytes: s.message }),
      ...(s.flaky === null ? {} : { flaky: true }),
    },
  }));
}

/** Rule and smallest bytes: the same failure of another run, or of another seed, is known by it again. */
function identity(t: TestResult, s: Failure | null) {
  const parts = [t.id, s?.message ?? s?.path ?? s?.actual ?? ""];
  const digest = createHash("sha256").update(parts.join("\n")).digest("hex");
  return { partialFingerprints: { "ruleAndBytes/v1": digest } };
}

const location = (path: string, t: TestResult) => ({
  // The stored file is about nothing else; code scanning shows no result without a line.
  physicalLocation: { artifactLocation: { uri: uri(path) }, region: { startLine: 1 } },
  logicalLocations: [{ fullyQualifiedName: t.id, kind: "module" }],
});

const uri = (path: string): string =>
  isAbsolute(path) ? pathToFileURL(path).href : path.split(sep).map(encodeURIComponent).join("/");
