import { fmapHeader, interleavedExt, messagePieces, type Piece } from "../../../spec/index.ts";

/** Shrinking the bytes of one message ends after this many milliseconds at the latest. */
const SHRINK_TIME = 10_000;

/**
 * The simplest bytes that still show the failure, starting from those that do: without a tail, without extents and strips,
 * with zeros in fields. `shows` asks the subject; it may restart it.
 */
export async function shrinkBytes(
  message: Uint8Array,
  shows: (message: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  const deadline = Date.now() + SHRINK_TIME;
  let simplest = message;
  // What cannot be left out now may be when something else is zero.
  for (let before: Uint8Array | null = null; before !== simplest; ) {
    before = simplest;
    for (const step of [shorter, fewer, zeroed]) {
      for (let tried = 0; ; ) {
        const candidates = [...step(simplest)];
        const next = candidates[tried++];
        if (next === undefined || Date.now() > deadline) break;
        if (!(await shows(next))) continue;
        simplest = next;
        // What was tried in vain before this one is not tried again.
        tried = Math.max(0, tried - 1);
      }
    }
  }
  return simplest;
}

/** Beginnings end here: fields are 8 bytes, or fit into as many. */
const STEP = 8;

/** Beginnings of the message, the shortest first. */
function* shorter(message: Uint8Array): Generator<Uint8Array> {
  for (let end = 0; end < message.length; end += STEP) yield message.slice(0, end);
}

/** The message without one of its extents or strips, counted right. */
function* fewer(message: Uint8Array): Generator<Uint8Array> {
  const pieces = messagePieces(message);
  const starts = startsOf(pieces);
  for (const [i, piece] of pieces.entries()) {
    const at = starts[i] as number;
    if (piece.kind === "strip") {
      const head = pieces.findIndex((p) => p.kind === "interleaved" && p.extent === piece.extent);
      const counter = (starts[head] as number) + interleavedExt.offsetOf("ie_nstrips");
      yield without(message, at, at + piece.bytes.length, counter);
    } else if (piece.kind === "extent" || piece.kind === "interleaved") {
      const next = pieces.findIndex((p, j) => j > i && (p.kind === "rest" || p.extent !== piece.extent));
      const end = next < 0 ? message.length : (starts[next] as number);
      yield without(message, at, end, fmapHeader.offsetOf("nextents"));
    }
  }
}

const startsOf = (pieces: readonly Piece[]): number[] => {
  let at = 0;
  return pieces.map((p) => {
    at += p.bytes.length;
    return at - p.bytes.length;
  });
};

/** The message without these bytes, and with one less in the u32 at `counter`, which stands before them. */
function without(message: Uint8Array, from: number, to: number, counter: number): Uint8Array {
  const left = new Uint8Array([...message.subarray(0, from), ...message.subarray(to)]);
  const view = new DataView(left.buffer);
  view.setUint32(counter, view.getUint32(counter, true) - 1, true);
  return left;
}

/** The message with one field zero that is not. */
function* zeroed(message: Uint8Array): Generator<Uint8Array> {
  for (const { offset, bytes } of messagePieces(message).flatMap((p) => p.fields)) {
    if (bytes.every((b) => b === 0)) continue;
    const simpler = message.slice();
    simpler.fill(0, offset, offset + bytes.length);
    yield simpler;
  }
}
