/** The same messages, or the same daemon, before every kernel revision at once. */
import { boundaryRecipes, build } from "../../generators/index.ts";
import { parseFmap, type Verdict } from "../../oracles/index.ts";
import type { Profile } from "../../spec/index.ts";
import type { DaemonReport } from "../daemon/outcome.ts";
import { countedAs, type RunVerdict } from "../run/verdict.ts";

export interface MatrixRow {
  /** What the row is about: a message's name, or a requirement. */
  readonly name: string;
  /** Hex; of messages only. */
  readonly message?: string;
  /** One for each profile, in their order: `accept`, an errno, `unspecified`; or the outcome of the requirement. */
  readonly cells: readonly string[];
  /** How many of the messages that were tried look the same to all profiles. */
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
  /**
   * For a daemon, what each profile's kernel makes of it: `conforming`, the first requirement that it breaks, or why that is
   * not known.
   */
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
    message: Buffer.from(bytes).toString("hex"),
    cells: profiles.map((p) => cell(parseFmap(p, bytes))),
  })),
});

/** The messages of the table of boundaries, as they are for each of the profiles, each once. */
function* boundaryMessages(profiles: readonly Profile[]): Generator<Uint8Array> {
  const distinct = new Set<string>();
  for (const recipe of boundaryRecipes(true))
    for (const profile of profiles) {
      const { bytes } = build(recipe, profile);
      if (distinct.size < distinct.add(Buffer.from(bytes).toString("latin1")).size) yield bytes;
    }
}

/**
 * A row for each way in which the profiles differ over the table of boundaries: the shortest message of it, by the rules
 * that refuse it.
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
      message: Buffer.from(bytes).toString("hex"),
      cells,
    };
    rows.set(key, { ...(shorter ? row : known), alike });
  }
  return { ...head("messages", profiles, version), rows: [...rows.values()] };
}

/** A report in a few words. */
function shortly({ verdict, rules, reasons, famfs, tree }: DaemonReport): string {
  if (verdict === "conforming") return verdict;
  const broken = rules.find(({ outcome }) => countedAs(outcome) === "failed");
  if (broken !== undefined) return broken.rule;
  if (famfs === "declined" || (famfs === "agreed" && tree.mapped === 0)) return "serves no maps";
  return reasons[0] ?? verdict;
}

/** A row for each requirement; `reports`: of the same daemon, one for each profile. */
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
