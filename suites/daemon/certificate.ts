import { createHash } from "node:crypto";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { isRobustness, RULES, type Rule, rule } from "../../spec/index.ts";
import type { Level, RuleOutcome } from "../run/outcome.ts";
import type { DaemonDescription, DaemonReport } from "./outcome.ts";
import type { DaemonScope } from "./scope.ts";

interface Certified {
  readonly rule: Rule["id"];
  readonly level: Rule["level"];
  readonly outcome: RuleOutcome["outcome"];
  readonly reason?: string;
}

/** What a daemon was found to fulfil: schema `certificate`. */
export interface Certificate {
  readonly format: "fmapspec-certificate";
  readonly version: 1;
  readonly fmapspec: string;
  readonly rulesDigest: string;
  readonly profile: string;
  readonly level: Level;
  readonly seed: number;
  /** UTC, to the second. */
  readonly date: string;
  readonly subject: DaemonDescription;
  readonly executable: { readonly path: string; readonly sha256: string };
  /** What the daemon was judged by; certificates that were written before have it not: famfs. */
  readonly scope?: DaemonScope;
  readonly requirements: readonly Certified[];
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

const digests = new Map<string, string>();

/** Of a file, which is read once while it stays as it is: the program of a daemon may have a hundred megabytes. */
function digestOfFile(path: string): string {
  const { ino, size, mtimeMs, ctimeMs } = statSync(path);
  const key = [path, ino, size, mtimeMs, ctimeMs].join("\0");
  const digest = digests.get(key) ?? sha256(readFileSync(path));
  digests.set(key, digest);
  return digest;
}

/** Digest of all rules as this version states them. */
export const rulesDigest = (): string => sha256(JSON.stringify(RULES));

/** The file that a command's first word names, looked up in PATH as a shell does. Throws UsageError. */
export function executableOf(command: readonly string[]): string {
  const [program = ""] = command;
  const candidates = program.includes("/")
    ? [program]
    : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, program));
  for (const path of candidates) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next one.
    }
  }
  throw new UsageError(`there is no executable '${program}'`);
}

/** What stands in the way of a certificate; null: nothing. */
export function obstacle({ run, verdict, reasons }: DaemonReport): string | null {
  const { shard, filter = [] } = run;
  if (shard !== null) return `this is one of ${shard.n} shards of a run`;
  if (filter.length > 0) return `only requirements that match ${filter.join(", ")} were checked`;
  if (verdict === "conforming") return null;
  const [first, ...others] = reasons;
  return others.length === 0 ? `${first}` : `${first}; and ${others.length} more`;
}

/** The certificate of a run that nothing stands in the way of. */
export function certify(report: DaemonReport, now: Date): Certificate {
  const path = executableOf(report.subject.command);
  return {
    format: "fmapspec-certificate",
    version: 1,
    fmapspec: report.fmapspec,
    rulesDigest: rulesDigest(),
    profile: report.profile,
    level: report.level,
    seed: report.seed,
    date: now.toISOString().replace(/\.\d+Z$/, "Z"),
    subject: report.subject,
    executable: { path, sha256: digestOfFile(path) },
    scope: report.run.scope,
    requirements: report.rules.map((r) => ({
      rule: r.rule,
      level: rule(r.rule).level,
      outcome: r.outcome,
      ...(r.reason === undefined ? {} : { reason: r.reason }),
    })),
  };
}

/** In which points a new run's certificate differs from an old one: nothing when the old one still holds. */
export function certificateDifferences(old: Certificate, now: Certificate): string[] {
  const found: string[] = [];
  if (old.rulesDigest !== now.rulesDigest)
    found.push(`the rules are other ones: certified by fmapspec ${old.fmapspec}, this is ${now.fmapspec}`);
  if (old.executable.sha256 !== now.executable.sha256)
    found.push(
      `the executable is another one: sha256 ${now.executable.sha256}, certified ${old.executable.sha256}`,
    );
  const before = new Map(old.requirements.map((r) => [r.rule, r]));
  for (const r of now.requirements) {
    const was = before.get(r.rule);
    if (was !== undefined && was.outcome !== r.outcome && !isRobustness(r.rule))
      found.push(`${r.rule} was ${was.outcome} and is ${r.outcome}`);
  }
  return found;
}
