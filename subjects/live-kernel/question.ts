import type { Answer } from "../../oracles/index.ts";
import type { Breakdown } from "../driver/breakdown.ts";

/** What is done with one file of the mount. */
export interface LiveQuestion {
  readonly plan: Plan;
  /** How often the file is opened and closed. */
  readonly opens: number;
  /** What GET_DAXDEV is answered with. */
  readonly daxdev: Answer;
}

/** One GET_FMAP request as it came. */
export interface Asked {
  readonly opcode: number;
  readonly nodeid: bigint;
  /** Bytes behind the header. */
  readonly body: Uint8Array;
  /** Errno (positive) of writing the answer to /dev/fuse; 0: it was taken. */
  readonly writeErrno: number;
}

/** What one open(2) was seen to come to. */
export interface OpenResult {
  /** 0 or a negative errno. */
  readonly rc: number;
  /** st_size of the file behind it. */
  readonly size: bigint;
  /** What read(2) gave of a file without a map: bytes in hex, or an errno's name; null: it was not read. */
  readonly read: string | null;
}

export interface Observed {
  readonly opens: readonly OpenResult[];
  /** GET_FMAP requests of each open. */
  readonly asked: readonly (readonly Asked[])[];
  /** Nodeids of GET_DAXDEV in each open. */
  readonly daxdevs: readonly (readonly bigint[])[];
  /** The nodeid that the file has. */
  readonly nodeid: bigint;
  /** READ requests that came to the server. */
  readonly reads: number;
  /** Alarming lines that the kernel logged meanwhile. */
  readonly alarms: readonly string[];
}

/** What INIT offered. */
export interface Offer {
  readonly minor: number;
  readonly flags: bigint;
}

/** What the server agrees to in INIT, and by which opcodes it is asked. */
export interface Terms {
  /** Bits of INIT's flags that are taken where they are offered. */
  readonly take: bigint;
  readonly getFmap: readonly number[];
  readonly getDaxdev: readonly number[];
}

/** A kernel with a mount that the suite serves. */
export interface LiveKernel {
  /** Mounts under these terms. Throws SubjectError where that cannot be done. */
  mount(terms: Terms): Promise<Offer>;
  ask(question: LiveQuestion): Promise<Observed | Breakdown>;
  /**
   * Asks all questions of each group, on mounts of their own, and says what the kernel's leak detector reports of each group
   * when its mount is gone: a text for each object that is left. null: there is no detector.
   */
  leftBy(
    terms: Terms,
    groups: readonly (readonly LiveQuestion[])[],
  ): Promise<readonly (readonly string[])[] | null>;
  unmount(): Promise<void>;
}

/** st_size of a file as the server tells it; nothing that famfs_file_init_dax is likely to set. */
export const SERVER_SIZE = 0x5eedn;

/** What a file begins with for whoever reads it through the server. */
export const SERVER_BYTES = new TextEncoder().encode("fmapspec");

/** What the server answers to the GET_FMAP requests for one file, in order; the last answer again if it is asked more often. */
export type Plan = readonly [Answer, ...Answer[]];

export const planned = (plan: Plan, nth: number): Answer => plan[Math.min(nth, plan.length - 1)] as Answer;
