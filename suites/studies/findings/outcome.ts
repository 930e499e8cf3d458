/** One class of divergence between kernels and a careful one, as plain data. */
export interface Divergence {
  /** Its name: `accepts/reserved-zero`. */
  readonly id: string;
  readonly sentence: string;
  /** The harm to a user of such a kernel. */
  readonly consequence: string;
  /** The profiles whose kernels have it, oldest first. */
  readonly profiles: readonly string[];
  /** The profiles for which no source settles it. */
  readonly unsettled: readonly string[];
  /** The first later profile that does not have it; null: there is none. */
  readonly fixedBy: string | null;
  readonly witness: {
    readonly profile: string;
    /** The circumstances; by default the server replies to the first request with the message. */
    readonly when?: string;
    /** The same circumstances as a scene for kernel source; only beside `when`. */
    readonly scene?: string;
    /** Hex; empty if the parser gets no message. */
    readonly message: string;
    /** Byte of the message with the fault, and the fault in words. */
    readonly at: number;
    readonly detail: string;
  };
  /** The behaviour of the kernel on the witness, step by step. */
  readonly steps: readonly string[];
}

export interface FindingsReport {
  readonly format: "fmapspec-findings";
  readonly version: 1;
  readonly fmapspec: string;
  readonly seed: number;
  /** Number of messages that were examined for each profile. */
  readonly messages: number;
  /** The profiles that were searched, oldest first. */
  readonly profiles: readonly string[];
  readonly complete: boolean;
  readonly divergences: readonly Divergence[];
}
