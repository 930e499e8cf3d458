import { CALLS, NO_CALLS } from "../call-numbers.ts";
import {
  type Holder,
  holdersOf,
  isTransparent,
  memoryOf,
  type SleepingCall,
  sleepingCall,
  threadsOf,
} from "../process-tree.ts";
import type { SocketName } from "./channel.ts";

/** The threads of a daemon that wait for a request, each with the bytes that its call has room for. */
export type ReadRoom =
  | { readonly kind: "waiting"; readonly threads: ReadonlyMap<string, number> }
  /** Half a sentence. */
  | { readonly kind: "hidden"; readonly why: string };

const CALL_NUMBERS = CALLS[process.arch] ?? NO_CALLS;

const POLLING = [...CALL_NUMBERS.polling, ...CALL_NUMBERS.epoll];

/** Looks in a row at which the daemon polls and does not read, before that counts as its way to wait. */
const POLLING_LOOKS = 20;

/** Milliseconds between two looks. */
const PAUSE = 2;

/** struct iovec, and the two fields of struct msghdr that name such; 64 bits. */
const IOVEC = { size: 16, length: 8 } as const;
const MSGHDR = { iov: 16, iovlen: 24, size: 32 } as const;
/** UIO_MAXIOV: more than that no call takes. */
const MOST_VECTORS = 1024;

const u64 = (bytes: DataView, at: number) => Number(bytes.getBigUint64(at, true));

/** Bytes of all vectors together; null: the memory is not ours to read. */
function roomOfVectors(pid: number, address: number, count: number): number | null {
  if (count > MOST_VECTORS) return null;
  const vectors = memoryOf(pid, address, count * IOVEC.size);
  if (vectors === null) return null;
  let room = 0;
  for (let i = 0; i < count; i++) room += u64(vectors, i * IOVEC.size + IOVEC.length);
  return room;
}

function roomOfMessage(pid: number, address: number): number | null {
  const header = memoryOf(pid, address, MSGHDR.size);
  return header === null ? null : roomOfVectors(pid, u64(header, MSGHDR.iov), u64(header, MSGHDR.iovlen));
}

/** Bytes that a call on one of these descriptors has room for; null: it is no read of them, or hidden. */
function roomOf(pid: number, sleeping: SleepingCall, descriptors: readonly number[]): number | null {
  const [descriptor, second, third, , fifth] = sleeping.args as [number, number, number, number, number];
  if (!descriptors.includes(descriptor)) return null;
  switch (CALL_NUMBERS.room[sleeping.call]) {
    case "read":
      return third;
    case "readv":
      return roomOfVectors(pid, second, third);
    case "recvmsg":
      return roomOfMessage(pid, second);
    // What the pipe has room for may be less: that a splice is long enough does not show that it is.
    case "splice":
      return fifth;
    default:
      return null;
  }
}

function whyHidden(holders: readonly Holder[]): string {
  if (holders.length === 0) return "no process with the daemon's end of the channel is visible in /proc";
  return holders.some(({ pid }) => isTransparent(pid))
    ? "the daemon does not wait for a request in read(2), but in poll, epoll or io_uring"
    : "/proc does not show this user in which system call the daemon waits (ptrace)";
}

/**
 * Waits until a thread of the daemon sleeps in a read of its channel, at most `patience` milliseconds. The kernel refuses
 * such a read of /dev/fuse if it has too little room, whatever arrives; on our channel only /proc shows the room.
 */
export async function readRoom(socket: SocketName | null, patience: number): Promise<ReadRoom> {
  if (socket === null || CALL_NUMBERS === NO_CALLS)
    return { kind: "hidden", why: "this system does not show who reads the channel" };
  const deadline = performance.now() + patience;
  let holders = holdersOf(socket);
  let polling = 0;
  for (;;) {
    const threads = new Map<string, number>();
    let polls = false;
    for (const { pid, descriptors } of holders)
      for (const thread of threadsOf(pid)) {
        const sleeping = sleepingCall(thread);
        if (sleeping === null) continue;
        const room = roomOf(pid, sleeping, descriptors);
        if (room !== null) threads.set(thread, room);
        polls ||= POLLING.includes(sleeping.call);
      }
    if (threads.size > 0) return { kind: "waiting", threads };
    polling = polls ? polling + 1 : 0;
    if (performance.now() > deadline || polling >= POLLING_LOOKS) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    holders = holdersOf(socket);
  }
  return { kind: "hidden", why: whyHidden(holders) };
}
