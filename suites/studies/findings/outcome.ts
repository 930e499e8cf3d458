/** One way in which a kernel and a careful one part ways, as plain data. */
export interface Divergence {
  /** Its name: `accepts/reserved-zero`. */
  readonly id: string;
  readonly sentence: string;
  /** What it means for a user of such a kernel. */
  readonly consequence: string;
  /** The profiles whose kernel does so, oldest first. */
  readonly profiles: readonly string[];
  /** The profiles of which no source settles it. */
  readonly unsettled: readonly string[];
  /** The first profile after these that is known not to; null: none is. */
  readonly fixedBy: string | null;
  readonly witness: {
    readonly profile: string;
    /** What the server and others do; by default the server answers the first request with the message. */
    readonly when?: string;
    /** The scene in which kernel source can be asked the same; there is one only beside `when`. */
    readonly scene?: string;
    /** Hex; empty where no message comes to the parser. */
    readonly message: string;
    /** Byte of the message that it turns on, and what is wrong there. */
    readonly at: number;
    readonly detail: string;
  };
  /** What happens with the witness, step by step. */
  readonly steps: readonly string[];
}

export interface FindingsReport {
  readonly format: "fmapspec-findings";
  readonly version: 1;
  readonly fmapspec: string;
  readonly seed: number;
  /** Messages that were looked at for each profile. */
  readonly messages: number;
  /** The profiles that were searched, oldest first. */
  readonly profiles: readonly string[];
  readonly complete: boolean;
  readonly divergences: readonly Divergence[];
}
