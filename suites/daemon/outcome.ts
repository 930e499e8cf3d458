import type { RuleId } from "../../spec/index.ts";
import type { Level, RuleOutcome, Shard } from "../outcome.ts";
import type { Act } from "./acts.ts";
import type { DaemonFailure } from "./ledger.ts";
import type { Said } from "./transcript.ts";

/** How a daemon is started and talked to. */
export interface DaemonDescription {
  readonly command: readonly string[];
  readonly channel: "auto" | "seqpacket" | "stream";
  readonly via: "direct" | "fusermount";
  readonly user?: string;
}

/** A session that broke a requirement, with all that it takes to play it again: schema `session`. */
export interface StoredSession {
  readonly format: "fmapspec-session";
  readonly version: 1;
  readonly profile: string;
  readonly seed: number;
  readonly rule: RuleId;
  readonly detail: string;
  /** Whether it failed again on a daemon that had done nothing else before. */
  readonly again: boolean;
  readonly subject: DaemonDescription;
  /** The files that it plays with: bytes in decimal as LOOKUP said, and in hex what GET_FMAP was answered with. */
  readonly files: readonly { readonly path: string; readonly size: string; readonly fmap: string }[];
  readonly steps: readonly Act[];
  readonly transcript: readonly Said[];
}

/** What determined a run over a daemon beside profile, level and seed. */
export interface DaemonRunFacts {
  /** Milliseconds in which an answer was due. */
  readonly timeout: number;
  /** sha256 of the manifest of `--expect`; null: there was none. */
  readonly expect: string | null;
  /** Null: the whole run. */
  readonly shard: Shard | null;
}

/** The report of one run over a daemon: schema `daemon-report`. */
export interface DaemonReport {
  readonly format: "fmapspec-daemon-report";
  readonly version: 1;
  readonly fmapspec: string;
  readonly profile: string;
  readonly level: Level;
  readonly seed: number;
  readonly run: DaemonRunFacts;
  readonly subject: DaemonDescription;
  /** What kind of channel it was in the end. */
  readonly channel: string;
  readonly complete: boolean;
  readonly passed: boolean;
  readonly seconds: number;
  /** Of the tree: nodes in all, regular files, and files whose map the kernel would hold. */
  readonly tree: { readonly nodes: number; readonly files: number; readonly mapped: number };
  readonly rules: readonly RuleOutcome[];
  readonly failures: readonly DaemonFailure[];
  /** The session that failed, if one did. */
  readonly session?: StoredSession;
  readonly notes: readonly string[];
  /** Digest of all the rest, in a report that was stored (stored-document.ts). */
  readonly digest?: string;
}
