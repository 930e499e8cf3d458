/**
 * Tests of famfs GET_FMAP parsers and daemons, from a program or a test of your own.
 *
 * {@link judge} says what a kernel revision makes of a message, {@link fmapArb} makes messages for properties,
 * {@link parserSuite} and {@link daemonSuite} are the whole suites in one call. docs/library.md shows how they go together.
 *
 * @module
 */
export { default as fc } from "fast-check";
export { SubjectError, UsageError } from "../base/errors.ts";
export type { Versions } from "../base/versions.ts";
export { fileRangeArb, randomBytesArb } from "../generators/index.ts";
export {
  type Breach,
  type FileState,
  type Hazard,
  type Relation,
  type Resolution,
  resolve,
  type StrictName,
  type Trace,
  type TraceStep,
  type Verdict,
} from "../oracles/index.ts";
export type { KcidbSubmitter, WriterKind } from "../reports/index.ts";
export {
  type DaxRange,
  type DecodedInterleaved,
  type DecodedMessage,
  type DecodedRange,
  type ErrnoName,
  encodeFmap,
  encodeMessage,
  errnoIn,
  type Fmap,
  type FmapJson,
  type HazardId,
  type HeadCheck,
  holdsIn,
  type InterleavedDocument,
  type InterleavedExtent,
  type InterleavedJson,
  type InterleavedParsing,
  type ManifestFileJson,
  type ManifestJson,
  type MessageDocument,
  type Needs,
  type Profile,
  type ProfileName,
  type RangeDocument,
  type RangeJson,
  type ReplySizePolicy,
  type Rule,
  type RuleEntry,
  type RuleId,
  type Source,
  type Symlink,
} from "../spec/index.ts";
export type { Via } from "../subjects/daemon/daemon.ts";
export type { Breakdown } from "../subjects/driver/breakdown.ts";
export type { ParserAnswer, ParserFunction, ResolvedRange } from "../subjects/driver/function.ts";
export type { Protocol, SubjectDescription } from "../subjects/driver/subject.ts";
export type { MissedLine, SourceCoverage } from "../subjects/kernel-source/coverage/reached.ts";
export type { DaemonFailure, DaemonState, SessionCount } from "../suites/daemon/outcome.ts";
export type { Act } from "../suites/daemon/session/acts.ts";
export type { TranscriptEntry } from "../suites/daemon/session/transcript.ts";
export type { RecordedRequest } from "../suites/daemon/starts/recording.ts";
export {
  type Counterexample,
  type DaemonDescription,
  type DaemonReport,
  type DaemonRunFacts,
  type DecodedHeader,
  type FailureKind,
  type Finding,
  type KernelDescription,
  type KnownFailure,
  type Level,
  type ParserReport,
  type ParserRunFacts,
  parseKnownFailures,
  type Repeats,
  type RequirementFailure,
  type RuleOutcome,
  type RunProgress,
  type SearchReport,
  type Shard,
  type StoredSession,
  type VerdictJson,
} from "../suites/index.ts";
export type { Boundaries } from "../suites/parser/failures/ledger.ts";
export type { ParserState } from "../suites/parser/stored.ts";
export type { Replayed } from "../suites/replay/index.ts";
export type { Counts, RunVerdict, Unchecked } from "../suites/run/verdict.ts";
export type { StoredFailure } from "../suites/stored/failure-name.ts";
export { agrees, disagreement } from "./agreement.ts";
export { type DaemonSuiteOptions, daemonSuite } from "./daemon-suite.ts";
export { failuresOf } from "./failures.ts";
export { FmapMessage, fmapArb, validFmapArb } from "./messages.ts";
export { type Judged, type JudgeOptions, judge, kernelOracle, type Oracle, strictOracle } from "./oracles.ts";
export { type ParserSuiteOptions, parserSuite } from "./parser-suite.ts";
export { type RenderOptions, renderReport } from "./render-report.ts";
export { type ReplayOptions, replay } from "./replay.ts";
export { profiles, rules } from "./standard.ts";
