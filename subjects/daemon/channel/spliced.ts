import { release } from "node:os";
import { outHeader } from "../../../spec/index.ts";
import { hasPipe, holdersOf } from "../process-tree.ts";
import type { SocketName } from "./channel.ts";

/** First Linux whose splice(2) to a socket sends the buffers of a pipe in batches (splice_to_socket). */
const BATCHING = [6, 5] as const;

/** Buffers of a pipe in one batch, and so in one packet. */
const BATCH = 16;

/** Whether a kernel of this release sends batches; before, each buffer of the pipe was a packet of its own. */
export function sendsBatches(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major > BATCHING[0] || (major === BATCHING[0] && minor >= BATCHING[1]);
}

/**
 * Whether these pieces of one reply may come from one splice(2), which /dev/fuse takes as one write. No process splices
 * without a pipe. Where the kernel sends batches, what comes before the last piece has 16 buffers of at least a byte: a
 * header alone (16 bytes) is one buffer. Measured on 6.18: a spliced READ of 131072 bytes comes as 61456, 65536, 4096.
 */
export function mayBeSpliced(
  pieces: readonly number[],
  socket: SocketName | null,
  version = release(),
): boolean {
  const [first = 0] = pieces;
  if (sendsBatches(version) && first <= outHeader.size && BATCH >= outHeader.size) return false;
  const holders = socket === null ? [] : holdersOf(socket);
  // A process that is hidden from us may have anything.
  return holders.length === 0 || holders.some(({ pid }) => hasPipe(pid));
}
