import type { Draft } from "./draft.ts";

/** Damage to finished bytes: kinds 1 to 5 of the slot `noise`; a and b say where. */
export function applyNoise(d: Draft, kind: number, a: number, b: number): void {
  if (d.length === 0) return;
  const byteA = a % d.length;
  const byteB = b % d.length;
  const { bytes, start } = d;
  if (kind === 1) flip(bytes, start + byteA, b);
  else if (kind === 2) {
    flip(bytes, start + byteA, b);
    flip(bytes, start + byteB, a);
  } else if (kind === 3) bytes[start + byteA] = b & 0xff;
  else if (kind === 4) {
    // A splice: the bytes of one record are copied to another place.
    const n = Math.min(24, d.length - Math.max(byteA, byteB));
    bytes.copyWithin(start + byteB, start + byteA, start + byteA + n);
  } else scramble(bytes, start, d.length, a * 65_536 + b);
}

function flip(bytes: Uint8Array, at: number, bit: number): void {
  bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
}

/** Random bytes from a seed: xorshift32, which needs no state beyond it. */
function scramble(bytes: Uint8Array, start: number, length: number, seed: number): void {
  let x = seed | 1;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[start + i] = x;
  }
}
