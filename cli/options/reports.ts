import { UsageError } from "../../base/errors.ts";
import { noSuch } from "../../base/similar.ts";
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
import { flag, word } from "./kinds.ts";
import type { Option, Parsed } from "./table.ts";

/** Where a report goes. */
interface Target<K extends string> {
  readonly kind: K;
  /** `-`: standard output. */
  readonly path: string;
}

/** `--report KIND=PATH`, with a writer for each kind. */
export const reportOption = <W extends Readonly<Record<string, unknown>>>(
  writers: W,
): Option<readonly Target<keyof W & string>[]> => {
  const kinds = Object.keys(writers);
  return {
    takes: "KIND=PATH",
    about: `write the result as ${kinds.join(", ")}; the path - is standard output; repeatable`,
    offers: kinds.map((kind) => `${kind}=`),
    read: (given, name) =>
      given.map((spec) => {
        const [, kind = "", path] = /^([^=]*)=(.+)$/.exec(spec) ?? [];
        if (path === undefined)
          throw new UsageError(`${name} takes KIND=PATH with a KIND of ${kinds.join(", ")}, not '${spec}'`);
        if (!Object.hasOwn(writers, kind)) throw noSuch("report", kind, kinds);
        return { kind, path };
      }),
  };
};

/** Writes a document to every target; `text`, for people, goes to standard output unless a target is there. */
export function writeDocument<K extends string, D>(
  targets: readonly Target<K>[],
  writers: Readonly<Record<K, (document: D) => string>>,
  document: D,
  text: () => string,
  { print }: Context,
): void {
  for (const { kind, path } of targets) put(path, writers[kind](document), print);
  if (!targets.some((t) => t.path === "-")) print(text());
}

const ONLY_KCIDB = "for --report kcidb=PATH";

/** The options of every command that reports. */
export const REPORT_OPTIONS = {
  report: reportOption(WRITERS),
  kselftest: flag(
    `kselftest's TAP on standard output; an inconclusive run is then a skip (exit status ${KSFT_SKIP})`,
  ),
  "kcidb-origin": word("NAME", `who submits, ${ONLY_KCIDB}`),
  "kcidb-build": word("ID", `the build that was tested, ORIGIN:ID, ${ONLY_KCIDB}`),
  verbose: flag("an outcome for each rule", "v"),
  quiet: flag("print failures only"),
};

/** The closing lines of their help. */
export const REPORT_STATUS =
  "Exit status 0 conforming, 1 not conforming, 4 inconclusive; fmapspec --help lists all.";

/** Where the results of a run go. */
export interface Reports {
  /** Whether standard output belongs to a report, so that nothing else may go there. */
  readonly onStdout: boolean;
  /** Prints a result for people, unless standard output belongs to a report, or --quiet is given and it conforms. */
  print(result: Result, context: Context): void;
  /** Writes every report. Throws UsageError where one cannot be written. */
  write(results: readonly Result[], context: Context): void;
  /** The exit status of a run that would end with this one. */
  status(results: readonly Result[], otherwise: number): number;
}

/** The reports that the options ask for. Throws UsageError. */
export function reportsOf({ values }: Pick<Parsed<typeof REPORT_OPTIONS>, "values">): Reports {
  const { kselftest, report } = values;
  const targets: Target<WriterKind>[] = [
    ...(kselftest ? [{ kind: "kselftest", path: "-" } as const] : []),
    ...report,
  ];
  if (targets.filter((t) => t.path === "-").length > 1)
    throw new UsageError("only one report can go to standard output");
  const submitter = submitterOf(
    values["kcidb-origin"],
    values["kcidb-build"],
    targets.some((t) => t.kind === "kcidb"),
  );
  const onStdout = targets.some((t) => t.path === "-");
  return {
    onStdout,
    print(result, { print, paint }) {
      const isQuiet = values.quiet && result.conclusion.verdict === "conforming";
      if (!onStdout && !isQuiet) print(renderText(result, paint, values.verbose));
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

function submitterOf(
  origin: string | undefined,
  buildId: string | undefined,
  needed: boolean,
): KcidbSubmitter | null {
  if (!needed && (origin ?? buildId) !== undefined)
    throw new UsageError("--kcidb-origin and --kcidb-build go with --report kcidb=PATH");
  if (!needed) return null;
  if (origin === undefined || buildId === undefined)
    throw new UsageError("--report kcidb=PATH needs --kcidb-origin and --kcidb-build");
  if (!/^[a-z0-9_]+$/.test(origin))
    throw new UsageError(`--kcidb-origin takes lower-case letters, digits and _, not '${origin}'`);
  if (!/^[a-z0-9_]+:./.test(buildId)) throw new UsageError(`--kcidb-build takes ORIGIN:ID, not '${buildId}'`);
  return { origin, buildId };
}
