import type { Versions } from "../../base/versions.ts";
import type { DecodedMessage, ManifestJson, RuleId } from "../../spec/index.ts";
import type { Via } from "../../subjects/daemon/daemon.ts";
import type { Level, Repeats, RuleOutcome, Shard } from "../run/outcome.ts";
import type { Conclusion, Unchecked } from "../run/verdict.ts";
import type { DaemonScope } from "./scope.ts";
import type { Act } from "./session/acts.ts";
import type { TranscriptEntry } from "./session/transcript.ts";
import type { RecordedRequest } from "./starts/recording.ts";

/** How a daemon is started and talked to. */
export interface DaemonDescription {
  readonly command: readonly string[];
  readonly channel: "auto" | "seqpacket" | "stream";
  /** `auto`: whichever works; a report names the one that did. */
  readonly via: "auto" | Via;
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
  /** How often it failed again on a daemon that had done nothing else before. */
  readonly repeats: Repeats;
  readonly subject: DaemonDescription;
  /** The files that it plays with: bytes in decimal as LOOKUP gave them, and in hex what GET_FMAP was answered with. */
  readonly files: readonly { readonly path: string; readonly size: string; readonly fmap: string }[];
  readonly steps: readonly Act[];
  readonly transcript: readonly TranscriptEntry[];
  readonly versions: Versions;
}

/** The header of a request or of a reply, u64 in decimal. */
export interface DecodedHeader {
  readonly len: number;
  readonly unique: string;
  /** Of a request: the opcode's name, and the nodeid. */
  readonly opcode?: string;
  readonly nodeid?: string;
  /** Of a reply: the name of the errno, or `0`. */
  readonly error?: string;
}

/** A requirement that a daemon broke outside a session, with all that it takes to check it again: schema `requirement-failure`. */
export interface RequirementFailure extends DaemonFailure {
  readonly format: "fmapspec-requirement-failure";
  readonly version: 1;
  readonly profile: string;
  readonly seed: number;
  readonly subject: DaemonDescription;
  /** Of the run: milliseconds in which an answer was due, and what the daemon should serve where the requirement is about that. */
  readonly options: {
    readonly level: Level;
    readonly timeout: number;
    readonly expect?: ManifestJson;
    /** The command that changes what is served, and what is served then, where the requirement is about that. */
    readonly mutate?: string;
    readonly expectAfter?: ManifestJson;
  };
  /** Whether requests that it does without were left out. */
  readonly shortened?: true;
  readonly decoded: {
    readonly request?: DecodedHeader;
    readonly reply?: DecodedHeader;
    /** Where the reply is kept without its header: a map's message. */
    readonly message?: DecodedMessage;
  };
  readonly versions: Versions;
}

/** What determined a run over a daemon beside profile, level and seed. */
export interface DaemonRunFacts {
  /** Milliseconds in which an answer was due. */
  readonly timeout: number;
  /** Globs of the rules that count; all, where there is none. Missing in reports of versions that had no such option. */
  readonly filter?: readonly string[];
  readonly failFast?: boolean;
  /** sha256 of the manifest of `--expect`; null: there was none. */
  readonly expect: string | null;
  /** sha256 of `--mutate` and `--expect-after`; missing: there was none. */
  readonly mutation?: string;
  /** What the daemon is judged by. */
  readonly scope: DaemonScope;
  /** Null: the whole run. */
  readonly shard: Shard | null;
}

/** The report of one run over a daemon: schema `daemon-report`. */
export interface DaemonReport extends Conclusion {
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
  /** Exactly for the verdict `conforming`. */
  readonly passed: boolean;
  /** Whether the daemon set FUSE_DAX_FMAP when it was offered; `unknown`: INIT did not come so far. */
  readonly famfs: "agreed" | "declined" | "unknown";
  /** What the verdict needs and the run did not check; the rest follows from the outcomes. */
  readonly unchecked: readonly Unchecked[];
  readonly seconds: number;
  /** Of the tree: nodes in all, regular files, and files whose map the kernel would hold. */
  readonly tree: { readonly nodes: number; readonly files: number; readonly mapped: number };
  /** Random sessions that were to be played, and that were; missing in reports of versions that did not count them. */
  readonly sessions?: SessionCount;
  readonly rules: readonly RuleOutcome[];
  readonly failures: readonly DaemonFailure[];
  /** The session that failed, if one did. */
  readonly session?: StoredSession;
  readonly notes: readonly string[];
  /** Of a shard: what the report of the whole run is made from. */
  readonly state?: DaemonState;
  /** Digest of all the rest, in a report that was stored (stored-document.ts). */
  readonly digest?: string;
}

/** A failure, and the index of the session or probe that showed it; 0 in what every shard does. */
export interface PlacedFailure extends DaemonFailure {
  readonly position: number;
}

/** What a part of a run over a daemon has found, by the ids of rules. */
export interface DaemonTally {
  readonly counts: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
  readonly failures: readonly PlacedFailure[];
  /** Why a rule does not apply to the daemon. */
  readonly excused: Readonly<Record<string, string>>;
  /** Why a rule was not checked that could have been. */
  readonly missed: Readonly<Record<string, string>>;
}

/** One way in which the daemon broke a requirement, with what was sent and received. */
export interface DaemonFailure {
  readonly rule: RuleId;
  readonly detail: string;
  /** Path in the daemon's tree, where the failure belongs to one. */
  readonly path?: string;
  /** Hex of the request's and the reply's bytes, where there is one exchange to blame. */
  readonly request?: string;
  readonly reply?: string;
  /** Hex of the map's message that an earlier reply had, where this one should have repeated it. */
  readonly before?: string;
  /** What a start of the daemon was asked before it died or hung, the oldest first. */
  readonly requests?: readonly RecordedRequest[];
}

/** What a run over a daemon has found until now, and where it stands. */
export interface DaemonState {
  /** Of the next random session, or behind SPECIAL of the next probe. */
  readonly position: number;
  readonly seconds: number;
  /** False: the run was stopped before everything was asked. */
  readonly complete: boolean;
  readonly famfs: DaemonReport["famfs"];
  readonly unchecked: DaemonReport["unchecked"];
  readonly channel: string;
  readonly tree: DaemonReport["tree"];
  readonly notes: readonly string[];
  /** What regards the whole tree, and is done by every shard and again after an interruption. */
  readonly shared: DaemonTally;
  /** What the probes found. */
  readonly split: DaemonTally;
  /** How many random sessions were to be played, and were. */
  readonly sessions: SessionCount;
  /** The random session that failed, and its index; null: none did. */
  readonly session: { readonly index: number; readonly stored: StoredSession } | null;
}

/** What a report says of its run before the daemon was started. */
export type DaemonFacts = Pick<DaemonReport, "fmapspec" | "level" | "seed" | "run" | "subject">;

/** How many random sessions were to be played, and how many were. */
export interface SessionCount {
  readonly planned: number;
  readonly played: number;
}
