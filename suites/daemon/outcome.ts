import type { Level, RuleOutcome } from "../outcome.ts";
import type { DaemonFailure } from "./ledger.ts";

/** How a daemon is started and talked to. */
export interface DaemonDescription {
  readonly command: readonly string[];
  readonly channel: "auto" | "seqpacket" | "stream";
  readonly via: "direct" | "fusermount";
  readonly user?: string;
}

/** The report of one run over a daemon: schema `daemon-report`. */
export interface DaemonReport {
  readonly format: "fmapspec-daemon-report";
  readonly version: 1;
  readonly fmapspec: string;
  readonly profile: string;
  readonly level: Level;
  readonly seed: number;
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
  readonly notes: readonly string[];
}
