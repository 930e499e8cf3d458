import { counted } from "../../base/counted.ts";
import { UsageError } from "../../base/errors.ts";
import { renderDump } from "../../reports/terminal/dump.ts";
import { subjectFor } from "../../subjects/driver/described.ts";
import { SCENES, type Scene } from "../../subjects/kernel-source/observation.ts";
import type { Counterexample } from "../../suites/index.ts";
import {
  inOneLine,
  isDeath,
  type Replayed,
  replayHere,
  replayMessage,
  replayOnDaemon,
} from "../../suites/replay/index.ts";
import type { StoredFailure } from "../../suites/stored/failure-name.ts";
import { storedFailure } from "../../suites/stored/stored-failure.ts";
import type { Context } from "../context.ts";
import { DAEMON_OPTIONS, storedDaemon } from "../options/daemon-subject.ts";
import { flag } from "../options/kinds.ts";
import { forDaemon, profileOf } from "../options/profiles.ts";
import { SUBJECT_OPTIONS, subjectOf } from "../options/subject.ts";
import { command, type Parsed } from "../options/table.ts";
import { readJson } from "../store/files.ts";
import { storeBeside } from "../store/output.ts";

/** What each kind of stored failure is called, and whether there can be a smaller one. */
const KINDS: Readonly<Record<StoredFailure["format"], { called: string; ofDaemon: boolean }>> = {
  "fmapspec-counterexample": { called: "a message", ofDaemon: false },
  "fmapspec-session": { called: "a session", ofDaemon: true },
  "fmapspec-requirement-failure": { called: "a requirement", ofDaemon: true },
};

/** Whether there can be a smaller one; of requirements only of those that a daemon died or hung of. */
const shrinks = (stored: StoredFailure): boolean =>
  stored.format !== "fmapspec-requirement-failure" || isDeath(stored);

const SHRINK = flag(
  "if it fails, look for a smaller message, a shorter session or fewer requests that fail in the same way, and write that to a file beside FILE",
);

type ReplayOptions = Parsed<typeof SUBJECT_OPTIONS & typeof DAEMON_OPTIONS & { shrink: typeof SHRINK }>;

const namesBut = (options: object, other: object) =>
  Object.keys(options).filter((name) => !Object.hasOwn(other, name));

/** Names of the options that only go with a failure of a parser, or of a daemon. */
const ONLY_PARSERS = namesBut(SUBJECT_OPTIONS, DAEMON_OPTIONS);
const ONLY_DAEMONS = namesBut(DAEMON_OPTIONS, SUBJECT_OPTIONS);

export const replay = command({
  about: `Asks the subject that FILE names, or the one given here instead, the same question once more; of a session with
a daemon, everything in the same order; of a daemon that died or hung, the requests before that, and if it
lives, like of any other requirement of daemons, the suite with the same seed.`,
  options: {
    options: { shrink: SHRINK },
    "another parser": SUBJECT_OPTIONS,
    "another daemon": DAEMON_OPTIONS,
  },
  operand: { takes: "FILE", noun: "failure file", count: "one", offers: "paths" },
  program: "CMD ARG...",
  closing: `FIXED      it does what it has to: exit status 0
FAILED     it fails in the same way: 1
DIFFERENT  it fails in another way: 1`,
  async run(options, context) {
    const [path = ""] = options.operands;
    const stored = storedFailure(await readJson(path), path);
    const { called, ofDaemon } = KINDS[stored.format];
    const foreign = (ofDaemon ? ONLY_PARSERS : ONLY_DAEMONS).find((name) => options.given.has(name));
    if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with ${called}: ${path}`);
    if (options.values.shrink && !shrinks(stored))
      throw new UsageError(`--shrink does not go with ${called}: ${path}`);
    const replayed = await runAgain(path, stored, options, context);
    return showReplayed(path, stored, replayed, context);
  },
});

/** Runs the failure again on the subject that it names, or on the one that the options name instead. */
function runAgain(
  path: string,
  stored: StoredFailure,
  options: ReplayOptions,
  { signal }: Context,
): Promise<Replayed> {
  const { shrink } = options.values;
  if (stored.format === "fmapspec-counterexample") return messageAgain(path, stored, options, signal);
  const daemon = storedDaemon(stored.subject, options);
  const timeout = options.given.has("timeout") ? options.values.timeout : undefined;
  return replayOnDaemon(stored, forDaemon(profileOf(stored.profile)), daemon, { timeout, shrink, signal });
}

async function messageAgain(
  path: string,
  c: Counterexample,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<Replayed> {
  if (c.scene !== undefined && (!Object.hasOwn(SCENES, c.scene) || (c.scene as Scene) === "sites"))
    throw new UsageError(`${path} is no counterexample file: /scene: there is no scene '${c.scene}'`);
  const profile = profileOf(c.profile);
  const isOther = ONLY_PARSERS.some((name) => options.given.has(name)) || options.program !== null;
  const { shrink } = options.values;
  if (c.subject.kind === "kernel" && !isOther) {
    if (shrink) throw new UsageError("--shrink does not go with a message that a running kernel was asked");
    return replayHere(c, profile, options.values.timeout, signal);
  }
  const subject =
    isOther || c.subject.kind === "kernel"
      ? await subjectOf(options, profile)
      : await subjectFor(c.subject, profile, options.values.timeout);
  return replayMessage(c, profile, subject, shrink);
}

/** Prints what became of the failure, and stores a smaller one; returns the exit status. */
function showReplayed(
  path: string,
  stored: StoredFailure,
  { outcome, now, smaller, needsRun }: Replayed,
  { print, paint }: Context,
): number {
  const word = outcome.toUpperCase();
  if (outcome === "fixed") {
    print(`${paint("green", word)} ${stored.rule}\n`);
    return 0;
  }
  print(`${paint("red", word)} ${stored.rule}: ${now.join("; ")}\n`);
  const alone = needsRun ? "the stored requests do not show it alone: " : "";
  const least = stored.format === "fmapspec-counterexample" ? "smaller" : "shorter";
  if (smaller === null) print(`  ${alone}nothing ${least} fails\n`);
  else if (smaller !== undefined) print(smallerText(path, smaller, paint));
  if (outcome === "different") print(`  when it was stored: ${asStored(stored)}\n`);
  return 1;
}

const asStored = (stored: StoredFailure): string => {
  if (stored.format === "fmapspec-counterexample") return stored.actual;
  return stored.format === "fmapspec-session" ? stored.detail : inOneLine(stored);
};

/** How large the smaller failure is, of a message field by field, and where it is stored. */
function smallerText(path: string, smaller: StoredFailure, paint: Context["paint"]): string {
  const beside = storeBeside(path, smaller);
  if (smaller.format === "fmapspec-session") return `  ${counted(smaller.steps.length, "step")}: ${beside}\n`;
  if (smaller.format === "fmapspec-requirement-failure")
    return `  ${counted(smaller.requests?.length ?? 0, "request")}: ${beside}\n`;
  const { expected, profile } = smaller;
  const marks =
    expected.verdict === "reject"
      ? [{ offset: expected.offset, text: `${expected.errno} ${expected.rule}` }]
      : [];
  const message = Buffer.from(smaller.message, "hex");
  return `${renderDump(message, marks, paint, profile)}\n  ${counted(message.length, "byte")}: ${beside}\n`;
}
