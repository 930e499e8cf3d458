import { UsageError } from "../../base/errors.ts";
import {
  allSkipped,
  type KcidbSubmitter,
  KSFT_SKIP,
  type Result,
  renderText,
  WRITERS,
  type WriterKind,
} from "../../reports/index.ts";
import { exitStatus } from "../../suites/run/verdict.ts";
import type { Context } from "../context.ts";
import { put } from "../store/files.ts";
import { flag, type Parsed, text, texts } from "./options.ts";

/** The options of every command that reports. */
export const REPORT_OPTIONS = {
  report: { type: "string", multiple: true },
  kselftest: { type: "boolean" },
  "kcidb-origin": { type: "string" },
  "kcidb-build": { type: "string" },
} as const;

/** What `--help` says of them. */
export const REPORT_HELP = `  --report KIND=PATH    repeatable, - is stdout; ${Object.keys(WRITERS).join(", ")}
  --kselftest           kselftest's TAP on stdout; an inconclusive run is a skip (exit status ${KSFT_SKIP})
  --kcidb-origin NAME   who submits, and --kcidb-build ID, what was built: for --report kcidb=PATH
  exit status           0 conforming, 1 not conforming, 4 inconclusive; fmapspec --help has them all`;

interface Target {
  readonly kind: WriterKind;
  readonly path: string;
}

/** Where the results of a run go. */
export interface Reports {
  /** Whether standard output belongs to a report, so that nothing else may go there. */
  readonly onStdout: boolean;
  /** Prints what a person reads of a result, unless standard output is a report's, or --quiet and all is well. */
  print(result: Result, context: Context): void;
  /** Writes every report. Throws UsageError where one cannot be written. */
  write(results: readonly Result[], context: Context): void;
  /** The exit status of a run that would end with this one. */
  status(results: readonly Result[], otherwise: number): number;
}

/** The reports that the options ask for. Throws UsageError. */
export function reportsOf(options: Parsed): Reports {
  const kselftest = flag(options, "kselftest");
  const targets: Target[] = [
    ...(kselftest ? [{ kind: "kselftest", path: "-" } as const] : []),
    ...texts(options, "report").map(target),
  ];
  if (targets.filter((t) => t.path === "-").length > 1)
    throw new UsageError("only one report can go to standard output");
  const submitter = submitterOf(
    options,
    targets.some((t) => t.kind === "kcidb"),
  );
  const onStdout = targets.some((t) => t.path === "-");
  return {
    onStdout,
    print(result, { print, paint }) {
      const isQuiet = flag(options, "quiet") && result.conclusion.verdict === "conforming";
      if (!onStdout && !isQuiet) print(renderText(result, paint, flag(options, "verbose")));
    },
    write(results, { print }) {
      for (const { kind, path } of targets) put(path, WRITERS[kind](results, submitter), print);
    },
    status: (results, otherwise) => (kselftest && allSkipped(results) ? KSFT_SKIP : otherwise),
  };
}

/** The exit status of a command with these results. */
export const statusOf = (results: readonly Result[]): number =>
  exitStatus(results.map((r) => r.conclusion.verdict));

function target(spec: string): Target {
  const [, kind = "", path] = /^([^=]*)=(.+)$/.exec(spec) ?? [];
  if (path === undefined) throw new UsageError(`--report takes KIND=PATH, not '${spec}'`);
  if (!Object.hasOwn(WRITERS, kind))
    throw new UsageError(`there is no report '${kind}'; there are ${Object.keys(WRITERS).join(", ")}`);
  return { kind: kind as WriterKind, path };
}

function submitterOf(options: Parsed, needed: boolean): KcidbSubmitter | null {
  const [origin, buildId] = [text(options, "kcidb-origin"), text(options, "kcidb-build")];
  if (!needed) {
    if (origin !== undefined || buildId !== undefined)
      throw new UsageError("--kcidb-origin and --kcidb-build go with --report kcidb=PATH");
    return null;
  }
  if (origin === undefined || buildId === undefined)
    throw new UsageError("--report kcidb=PATH needs --kcidb-origin and --kcidb-build");
  if (!/^[a-z0-9_]+$/.test(origin))
    throw new UsageError(`--kcidb-origin takes lower-case letters, digits and _, not '${origin}'`);
  if (!/^[a-z0-9_]+:./.test(buildId)) throw new UsageError(`--kcidb-build takes ORIGIN:ID, not '${buildId}'`);
  return { origin, buildId };
}
