/** Bits of a feature's number: some thousands are met in a run, so that few of them share one. */
const BITS = 18;

/** Mixes the parts of a feature into its number; neighbours in a part end up far apart (multipliers of murmur3). */
export function featureOf(...parts: readonly number[]): number {
  let h = 0;
  for (const part of parts) {
    h = Math.imul(h ^ part, 0xcc9e2d51);
    h = Math.imul((h << 15) | (h >>> 17), 0x1b873593);
  }
  return (h ^ (h >>> 16)) >>> (32 - BITS);
}

/** Which features a run has met. */
export class FeatureSet {
  count = 0;
  private readonly reached = new Uint8Array(1 << BITS);

  /** Notes a feature; true for one that was never met. */
  add(feature: number): boolean {
    if (this.reached[feature] !== 0) return false;
    this.reached[feature] = 1;
    this.count++;
    return true;
  }
}
