/** Whether the daemon reads requests with a buffer that the kernel accepts. */
import { inHeader } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import { type ReadRoom, readRoom } from "../../../subjects/daemon/channel/read-room.ts";
import type { DaemonLedger } from "../ledger.ts";

/** Bytes that a read of /dev/fuse has to have room for whatever was agreed (FUSE_MIN_READ_BUFFER). */
const LEAST = 8192;

/** sizeof(struct fuse_write_in), which the headers of a WRITE end with. */
const WRITE_IN = 40;

const RULE = "daemon/init/read-buffer";

/** Milliseconds in which a daemon begins to wait for its first request, and for another one. */
const STARTING = 500;
const WAITING = 200;

/** Bytes that each read has to have room for once this max_write was agreed; before INIT that is 0. */
export const leastRoom = (maxWrite: number): number => Math.max(LEAST, inHeader.size + WRITE_IN + maxWrite);

/**
 * Why the kernel refuses a read that waits now; null: it refuses none. A read that began before INIT was answered had to
 * have less room: which of several threads has read INIT is not known, so of those that waited before none is judged.
 */
export function tooSmall(now: ReadRoom, before: ReadRoom | null, maxWrite: number): string | null {
  if (now.kind === "hidden") return null;
  const least = leastRoom(maxWrite);
  const earlier = before?.kind === "waiting" && before.threads.size > 1 ? before.threads : new Map();
  for (const [thread, room] of now.threads) {
    if (room >= least || earlier.has(thread)) continue;
    return maxWrite === 0
      ? `the daemon waits for its first request in a read of ${room} bytes; the kernel wants room for ${least}`
      : `the daemon agreed on a max_write of ${maxWrite} and reads with ${room} bytes; the kernel wants room for ${least}`;
  }
  return null;
}

/** Looks at the read that waits for INIT. */
export async function readBufferBeforeInit(
  { daemon: { socket } }: Pick<FuseConnection, "daemon">,
  ledger: DaemonLedger,
): Promise<ReadRoom> {
  const before = await readRoom(socket, STARTING);
  // Not counted where nothing is wrong: what the daemon promises in INIT decides.
  const wrong = tooSmall(before, null, 0);
  if (wrong !== null) ledger.check(RULE, wrong);
  return before;
}

/** Looks at the reads that follow INIT. */
export async function readBufferAfterInit(
  { daemon: { socket } }: Pick<FuseConnection, "daemon">,
  ledger: DaemonLedger,
  before: ReadRoom,
  maxWrite: number,
): Promise<void> {
  const now = await readRoom(socket, before.kind === "waiting" ? WAITING : 0);
  if (now.kind === "hidden") ledger.excuse(RULE, `the buffer of read(2) cannot be observed: ${now.why}`);
  else ledger.check(RULE, tooSmall(now, before, maxWrite));
}
