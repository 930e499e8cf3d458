import type { Answer } from "../../oracles/index.ts";
import type { Breakdown } from "../driver/breakdown.ts";

/** A question to the kernel: what happens with one file of the mount. */
export interface LiveQuestion {
  readonly plan: Plan;
  /** How often to open and close the file. */
  readonly opens: number;
  /** The reply to GET_DAXDEV. */
  readonly daxdev: Answer;
}

/** One GET_FMAP request that the kernel sent. */
export interface Asked {
  readonly opcode: number;
  readonly nodeid: bigint;
  /** Bytes behind the header. */
  readonly body: Uint8Array;
  /** Errno (positive) of writing the reply to /dev/fuse; 0: the kernel accepted it. */
  readonly writeErrno: number;
}

/** The observed result of one open(2). */
export interface OpenResult {
  /** 0 or a negative errno. */
  readonly rc: number;
  /** st_size of the file after the open. */
  readonly size: bigint;
  /** The result of read(2) of a file without a map: bytes in hex, or an errno's name; null: it was not read. */
  readonly read: string | null;
}

export interface Observed {
  readonly opens: readonly OpenResult[];
  /** GET_FMAP requests of each open. */
  readonly asked: readonly (readonly Asked[])[];
  /** Nodeids of GET_DAXDEV in each open. */
  readonly daxdevs: readonly (readonly bigint[])[];
  /** The file's nodeid. */
  readonly nodeid: bigint;
  /** Number of READ requests. */
  readonly reads: number;
  /** Fault reports that the kernel logged meanwhile. */
  readonly alarms: readonly string[];
}

/** The kernel's offer in INIT. */
export interface Offer {
  readonly minor: number;
  readonly flags: bigint;
}

/** The server's reply to INIT, and the opcodes of its requests. */
export interface Terms {
  /** Bits of INIT's flags that the server accepts if the kernel offers them. */
  readonly take: bigint;
  readonly getFmap: readonly number[];
  readonly getDaxdev: readonly number[];
}

/** A kernel under test, with a mount that the suite serves. */
export interface LiveKernel {
  /** Mounts under these terms. Throws SubjectError if it cannot mount. */
  mount(terms: Terms): Promise<Offer>;
  ask(question: LiveQuestion): Promise<Observed | Breakdown>;
  /**
   * Asks the questions of each group on a new mount, and unmounts. Returns the report of the kernel's leak detector for each
   * group: a text for each leaked object. null: there is no detector.
   */
  leftBy(
    terms: Terms,
    groups: readonly (readonly LiveQuestion[])[],
  ): Promise<readonly (readonly string[])[] | null>;
  unmount(): Promise<void>;
}

/** st_size of a file in the server's replies; famfs_file_init_dax is unlikely to set the same size. */
export const SERVER_SIZE = 0x5eedn;

/** The first bytes of a file that is read through the server. */
export const SERVER_BYTES = new TextEncoder().encode("fmapspec");

/** The replies to the GET_FMAP requests for one file, in order; the last one is repeated. */
export type Plan = readonly [Answer, ...Answer[]];

export const planned = (plan: Plan, nth: number): Answer => plan[Math.min(nth, plan.length - 1)] as Answer;
