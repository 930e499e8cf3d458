import type { OPCODES, RuleId } from "../../../../spec/index.ts";
import type { Fault } from "../../../../subjects/reference/fault.ts";
import type { Consequence } from "../consequence.ts";

type OpcodeName = keyof typeof OPCODES;

export interface Witness {
  /** Name of the reference daemon's fault, or a fault that the kernel here can meet. */
  readonly fault: string | Fault;
  /** A shell command; `$M` is the mountpoint. */
  readonly act: string;
  /** What is observed, all of it, and on a sound daemon none of it. */
  readonly sees: readonly Consequence[];
  /** Requests that are answered so many milliseconds late, so that something can come in between. */
  readonly slow?: { readonly opcode: OpcodeName; readonly ms: number };
  /** After a request of that opcode the daemon reads nothing until the action prints `go on`. */
  readonly pauseAfter?: OpcodeName;
  /** Names and attributes are valid for no time; or no request is longer than a page. */
  readonly serving?: "forgetful" | "single pages";
  /** Milliseconds after which the action counts as hanging. */
  readonly patience?: number;
}

export type Witnesses = Readonly<Partial<Record<RuleId, readonly Witness[]>>>;

/** Milliseconds after which what hangs is known to. */
export const SHORT = 1000;

/** What most faults show at: a listing of the root. */
export const LIST = 'ls "$M"';
