import type { RuleId } from "../../spec/index.ts";

/** Which request something is about. */
export interface RequestLabel {
  readonly opcode: number;
  readonly nodeid: bigint;
  readonly unique: bigint;
}

/** A reply, or bytes in place of one, that no kernel takes. */
export interface Fault {
  readonly rule: RuleId;
  readonly detail: string;
  /** The request that the daemon probably meant. */
  readonly request?: RequestLabel;
  /** The bytes that came, header first, as far as they make one message. */
  readonly reply?: Uint8Array;
}

/** What became of a request. */
export type Reply =
  /** `error` is 0 or a negative errno; with an errno the body is empty. */
  | { readonly kind: "reply"; readonly error: number; readonly body: Uint8Array }
  /** The daemon answered with something that a kernel refuses; the fault stands among the connection's. */
  | { readonly kind: "refused"; readonly fault: Fault }
  /** The deadline passed. */
  | { readonly kind: "silent" }
  /** The daemon has ended or closed the channel; `how` is half a sentence for people. */
  | { readonly kind: "gone"; readonly how: string };

/** Faults kept as values; of a daemon that does nothing right the first ones say enough. */
const MOST_FAULTS = 1000;

/** The faults of one connection, in the order in which they came. */
export class Faults {
  readonly list: Fault[] = [];
  /** Faults beyond those that are kept. */
  dropped = 0;

  /** Says of a fault what it turned out to be. */
  replace(fault: Fault, other: Fault): void {
    const at = this.list.indexOf(fault);
    if (at >= 0) this.list[at] = other;
  }

  add(fault: Fault): Fault {
    if (this.list.length < MOST_FAULTS) this.list.push(fault);
    else this.dropped++;
    return fault;
  }
}
