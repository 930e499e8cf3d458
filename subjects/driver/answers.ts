import type { Breakdown } from "./breakdown.ts";

/** In place of an rc: the subject did not judge the message. */
export const SKIPPED = 1;
/** In place of an rc: refused, without an errno. */
export const REFUSED = 2;

/** The answers to one batch, in its order, in buffers that all batches share. */
export class Answers {
  count = 0;
  /** 0, a negative errno, SKIPPED, REFUSED or, of kernel source, OOPS. */
  readonly rc: Int32Array;
  /** Map record of each answer in `bytes`; length 0: the subject does not report it. */
  readonly mapStarts: Int32Array;
  readonly mapLengths: Int32Array;
  /** Observation of each answer in `bytes`; -1: none. */
  readonly observationStarts: Int32Array;
  breakdown: Breakdown | null = null;
  bytes = new Uint8Array(1 << 20);
  view = new DataView(this.bytes.buffer);
  end = 0;

  constructor(capacity: number) {
    this.rc = new Int32Array(capacity);
    this.mapStarts = new Int32Array(capacity);
    this.mapLengths = new Int32Array(capacity);
    this.observationStarts = new Int32Array(capacity);
  }

  clear(): void {
    this.count = this.end = 0;
    this.breakdown = null;
  }

  /** Appends raw bytes to which a later `add` refers; returns their offset. */
  append(chunk: Uint8Array): number {
    const at = this.end;
    if (at + chunk.length > this.bytes.length) {
      const larger = new Uint8Array(2 * (at + chunk.length));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    this.bytes.set(chunk, at);
    this.end += chunk.length;
    return at;
  }

  add(rc: number, mapStart = 0, mapLength = 0, observationStart = -1): void {
    const i = this.count++;
    this.rc[i] = rc;
    this.mapStarts[i] = mapStart;
    this.mapLengths[i] = mapLength;
    this.observationStarts[i] = observationStart;
  }

  map(i: number): Uint8Array {
    const start = this.mapStarts[i] as number;
    return this.bytes.subarray(start, start + (this.mapLengths[i] as number));
  }
}
