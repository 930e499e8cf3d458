/** A table of the same messages, or of the same daemon, for several kernel revisions. */
import { boundaryRecipes, build } from "../../generators/index.ts";
import { parseFmap, type Verdict } from "../../oracles/index.ts";
import { hexOf, type Profile } from "../../spec/index.ts";
import type { DaemonReport } from "../daemon/outcome.ts";
import { countedAs, type RunVerdict } from "../run/verdict.ts";

export interface MatrixRow {
  /** A message's name, or a requirement. */
  readonly name: string;
  /** Hex; only in rows of messages. */
  readonly message?: string;
  /** One cell for each profile, in their order: `accept`, an errno, `unspecified`; or the outcome of the requirement. */
  readonly cells: readonly string[];
  /** How many of the tried messages give this same row. */
  readonly alike?: number;
}

/** The document that a matrix is: schema `matrix`. */
export interface Matrix {
  readonly format: "fmapspec-matrix";
  readonly version: 1;
  readonly fmapspec: string;
  readonly of: "messages" | "daemon";
  readonly profiles: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** For a daemon, the result of each profile: `conforming`, the first broken requirement, or why it is unknown. */
  readonly conclusions?: readonly string[];
  /** For a daemon, the verdict of each profile. */
  readonly verdicts?: readonly RunVerdict[];
}

export interface NamedMessage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const cell = (v: Verdict): string => ("errno" in v ? v.errno : v.verdict);

const head = (of: Matrix["of"], profiles: readonly Profile[], version: string) =>
  ({
    format: "fmapspec-matrix",
    version: 1,
    fmapspec: version,
    of,
    profiles: profiles.map((p) => p.name),
  }) as const;

/** A row for each message. */
export const messageMatrix = (
  profiles: readonly Profile[],
  messages: readonly NamedMessage[],
  version: string,
): Matrix => ({
  ...head("messages", profiles, version),
  rows: messages.map(({ name, bytes }) => ({
    name,
    message: hexOf(bytes),
    cells: profiles.map((p) => cell(parseFmap(p, bytes))),
  })),
});

/** The messages of the fixed table for each of the profiles, each once. */
function* boundaryMessages(profiles: readonly Profile[]): Generator<Uint8Array> {
  const distinct = new Set<string>();
  for (const recipe of boundaryRecipes(true))
    for (const profile of profiles) {
      const { bytes } = build(recipe, profile);
      if (distinct.size < distinct.add(Buffer.from(bytes).toString("latin1")).size) yield bytes;
    }
}

/**
 * A row for each different pattern of verdicts over the fixed table: its shortest message, named by the rules that refuse
 * it.
 */
export function boundaryMatrix(profiles: readonly Profile[], version: string): Matrix {
  const rows = new Map<string, MatrixRow>();
  for (const bytes of boundaryMessages(profiles)) {
    const verdicts = profiles.map((p) => parseFmap(p, bytes));
    const cells = verdicts.map(cell);
    const key = cells.join();
    const known = rows.get(key);
    const alike = (known?.alike ?? 0) + 1;
    const shorter = known === undefined || 2 * bytes.length < (known.message as string).length;
    const rules = new Set(verdicts.flatMap((v) => (v.verdict === "accept" ? [] : [v.rule])));
    const row = {
      name: [...rules].join(", ") || "nothing refuses it",
      message: hexOf(bytes),
      cells,
    };
    rows.set(key, { ...(shorter ? row : known), alike });
  }
  return { ...head("messages", profiles, version), rows: [...rows.values()] };
}

/** The result of a report in a few words. */
function shortly({ verdict, rules, reasons, famfs, tree }: DaemonReport): string {
  if (verdict === "conforming") return verdict;
  const broken = rules.find(({ outcome }) => countedAs(outcome) === "failed");
  if (broken !== undefined) return broken.rule;
  if (famfs === "declined" || (famfs === "agreed" && tree.mapped === 0)) return "serves no maps";
  return reasons[0] ?? verdict;
}

/** A row for each requirement. `reports`: of one daemon, one report for each profile. */
export function daemonMatrix(
  profiles: readonly Profile[],
  reports: readonly DaemonReport[],
  version: string,
): Matrix {
  const rules = new Set(reports.flatMap((r) => r.rules.map((o) => o.rule)));
  const outcome = (report: DaemonReport, rule: string) => report.rules.find((o) => o.rule === rule)?.outcome;
  return {
    ...head("daemon", profiles, version),
    rows: [...rules].map((rule) => ({
      name: rule,
      cells: reports.map((r) => outcome(r, rule) ?? "not-applicable"),
    })),
    conclusions: reports.map(shortly),
    verdicts: reports.map((r) => r.verdict),
  };
}
