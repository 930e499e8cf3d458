/** Numbers of the system calls in which a daemon waits for a request, by architecture (asm/unistd.h). */
export interface CallNumbers {
  /** Their first argument is the descriptor. */
  readonly reading: readonly number[];
  /** epoll_wait, epoll_pwait, epoll_pwait2: their first argument is a descriptor that knows which others it is for. */
  readonly epoll: readonly number[];
  /** poll, ppoll, select, pselect6, io_uring_enter: for some descriptor. */
  readonly polling: readonly number[];
  /** Of those that read, how each says how many bytes it takes. */
  readonly room: Readonly<Record<number, "read" | "readv" | "recvmsg" | "splice">>;
}

// read and recvfrom have the length as their third argument.
export const CALLS: Partial<Record<NodeJS.Architecture, CallNumbers>> = {
  x64: {
    reading: [0, 19, 45, 47, 275],
    epoll: [232, 281, 441],
    polling: [7, 271, 23, 270, 426],
    room: { 0: "read", 19: "readv", 45: "read", 47: "recvmsg", 275: "splice" },
  },
  arm64: {
    reading: [63, 65, 207, 212, 76],
    epoll: [22, 441],
    polling: [73, 72, 426],
    room: { 63: "read", 65: "readv", 207: "read", 212: "recvmsg", 76: "splice" },
  },
};

export const NO_CALLS: CallNumbers = { reading: [], epoll: [], polling: [], room: {} };
