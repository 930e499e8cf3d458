import { sealed } from "../base/digest.ts";
import { freshSeed } from "../base/fresh-seed.ts";
import { VERSION } from "../base/package-root.ts";
import { present } from "../base/present.ts";
import { DEFAULT_PROFILE, type Profile } from "../spec/index.ts";
import { DEFAULT_TIMEOUT, subjectFor } from "../subjects/driver/described.ts";
import { FunctionSubject, type ParserFunction } from "../subjects/driver/function.ts";
import type { SubjectDescription } from "../subjects/driver/subject.ts";
import {
  applyKnownFailures,
  type KnownFailure,
  type Level,
  type ParserReport,
  type RunProgress,
  type Shard,
} from "../suites/index.ts";
import { runParserSuite } from "../suites/parser/suite.ts";
import { ruleGlobs } from "../suites/stored/rule-globs.ts";

/** How a parser is tested; everything has the default that the command has. */
export interface ParserSuiteOptions {
  /** The kernel revision to hold it against; rfc-v2 if not given. */
  readonly profile?: Profile;
  /** How much: `quick` (30,000 messages for a function, the default), `full`, or `soak` (10 minutes, or `maxTime`). */
  readonly level?: Level;
  /** Of the random messages; a fresh one if not given. The report tells it. */
  readonly seed?: number;
  /** So many messages, whatever the level. */
  readonly runs?: number;
  /** Not longer than so many seconds. */
  readonly maxTime?: number;
  /** Only the `i`-th of `n` parts of the messages, counted from 1; with `to` those from the `i`-th to the `to`-th. */
  readonly shard?: Shard;
  /** Globs over rule ids: only messages that such a rule decides. */
  readonly filter?: readonly string[];
  /** Stop at the first failure. */
  readonly failFast?: boolean;
  /** Findings that the revision is known for fail the run, too. */
  readonly strict?: boolean;
  /** Milliseconds in which an answer is due; 5000 if not given. */
  readonly timeout?: number;
  /** Failures that do not count, and that have to happen. */
  readonly knownFailures?: readonly KnownFailure[];
  /** Failures that do not count, and that come and go. */
  readonly quarantine?: readonly KnownFailure[];
  /** Ends the run when it fires; the report then holds what was established. */
  readonly signal?: AbortSignal;
  /** Told now and then how far the run has come. */
  readonly progress?: (progress: RunProgress) => void;
}

/**
 * Runs the parser suite over a subject: a function in this process, a driver's command, or kernel source. Resolves with the
 * report, whatever the subject does; each failure in it is shrunk, and `fmapspec report` shows it again from its JSON. Throws SubjectError when it cannot be started, and
 * UsageError for options that say nothing, such as a glob without a match.
 */
export async function parserSuite(
  subject: ParserFunction | SubjectDescription,
  options: ParserSuiteOptions = {},
): Promise<ParserReport> {
  const { profile = DEFAULT_PROFILE, timeout = DEFAULT_TIMEOUT, strict = false, filter = [] } = options;
  const { runs, maxTime, shard } = options;
  const matches = ruleGlobs(filter);
  const report = await runParserSuite(
    typeof subject === "function"
      ? new FunctionSubject(subject, timeout)
      : await subjectFor(subject, profile, timeout),
    {
      profile,
      level: options.level ?? "quick",
      seed: options.seed ?? freshSeed(),
      failFast: options.failFast ?? false,
      strict,
      filters: filter,
      timeout,
      version: VERSION,
      signal: options.signal ?? new AbortController().signal,
      progress: options.progress ?? (() => {}),
      ...present({ runs, maxTime, shard }),
      ...(filter.length > 0 && { filter: matches }),
    },
  );
  const listed = { known: options.knownFailures ?? [], quarantined: options.quarantine ?? [] };
  return sealed(applyKnownFailures(report, listed));
}
