/**
 * The few calls of the C library that Node does not have, through koffi. Its asynchronous calls are not used: with ten
 * polls waiting at once koffi 3.3.4 crashed the process in three runs of five.
 */
import { closeSync } from "node:fs";
import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_SEQPACKET = 5;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SHUT_WR = 1;
const SIOCOUTQ = 0x5411n;

/** Bytes asked for; the kernel gives at most net.core.wmem_max. */
const BUFFER_SIZE = 4 << 20;

/** What of the socket's send buffer a packet cannot use (net/unix/af_unix.c, unix_dgram_sendmsg). */
const PACKET_OVERHEAD = 32;

export interface PacketPair {
  /** Ours does not block, the daemon's does: libfuse leaves its loop at EAGAIN. */
  readonly ours: number;
  readonly daemons: number;
  /** Bytes of the largest packet. */
  readonly maxPacket: number;
}

export interface Libc {
  /** A SOCK_SEQPACKET pair with large buffers, both ends closed at exec. Throws Error. */
  packetPair(): PacketPair;
  /** Bytes sent, or a negative errno. */
  send(descriptor: number, bytes: Uint8Array): number;
  /** Bytes of the packet read, 0 for an empty packet or at the end, or a negative errno. */
  receive(descriptor: number, buffer: Uint8Array): number;
  /** Whether something that was sent was not read yet. */
  hasUnread(descriptor: number): boolean;
  /** Tells the other end that nothing follows. */
  endWriting(descriptor: number): void;
  /** Lets Node's event loop read a copy of the descriptor; every packet is read into `buffer`. */
  adopt(descriptor: number, buffer: Buffer, onPacket: (length: number) => void): Socket;
  readonly EAGAIN: number;
  readonly ENOBUFS: number;
}

function bind(koffi: typeof import("koffi")): Libc {
  const c = koffi.load(null);
  const socketpair = c.func("int socketpair(int, int, int, _Out_ int *)");
  const getsockopt = c.func("int getsockopt(int, int, int, _Out_ int *, _Inout_ int *)");
  const setsockopt = c.func("int setsockopt(int, int, int, int *, int)");
  const fcntl = c.func("int fcntl(int, int, ...)");
  const send = c.func("long send(int, const void *, size_t, int)");
  const recv = c.func("long recv(int, void *, size_t, int)");
  const dup3 = c.func("int dup3(int, int, int)");
  const shutdown = c.func("int shutdown(int, int)");
  const ioctl = c.func("int ioctl(int, unsigned long, _Out_ int *)");

  const checked = (call: string, result: number): number => {
    if (result < 0) throw new Error(`${call}: errno ${koffi.errno()}`);
    return result;
  };
  const pair = (type: number): [number, number] => {
    const ends: [number, number] = [-1, -1];
    checked("socketpair", socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
    return ends;
  };
  const sendBuffer = (descriptor: number): number => {
    const size = [0];
    checked("getsockopt", getsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, size, [4]));
    return size[0] as number;
  };

  return {
    packetPair() {
      const [ours, daemons] = pair(SOCK_SEQPACKET);
      for (const end of [ours, daemons])
        for (const option of [SO_SNDBUF, SO_RCVBUF]) setsockopt(end, SOL_SOCKET, option, [BUFFER_SIZE], 4);
      checked("fcntl", fcntl(ours, F_SETFL, "int", fcntl(ours, F_GETFL) | O_NONBLOCK));
      return { ours, daemons, maxPacket: sendBuffer(ours) - PACKET_OVERHEAD };
    },
    send(descriptor, bytes) {
      const sent = send(descriptor, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL);
      return sent < 0 ? -koffi.errno() : sent;
    },
    receive(descriptor, buffer) {
      const received = recv(descriptor, buffer, buffer.length, MSG_DONTWAIT);
      return received < 0 ? -koffi.errno() : received;
    },
    hasUnread(descriptor) {
      const bytes = [0];
      checked("ioctl", ioctl(descriptor, SIOCOUTQ, bytes));
      return (bytes[0] as number) > 0;
    },
    endWriting(descriptor) {
      shutdown(descriptor, SHUT_WR);
    },
    adopt(descriptor, buffer, onPacket) {
      // net.Socket refuses a SEQPACKET descriptor, though libuv reads one well. So it gets a stream socket, over which
      // ours is put before the event loop first looks at it (libuv registers a descriptor when it goes to sleep).
      const [adopted, other] = pair(SOCK_STREAM);
      const callback = (length: number) => {
        onPacket(length);
        return true;
      };
      const options: SocketConstructorOpts & Pick<ConnectOpts, "onread"> = {
        fd: adopted,
        allowHalfOpen: true,
        onread: { buffer, callback },
      };
      const socket = new Socket(options);
      checked("dup3", dup3(descriptor, adopted, SOCK_CLOEXEC));
      closeSync(other);
      return socket;
    },
    EAGAIN: koffi.os.errno.EAGAIN as number,
    ENOBUFS: koffi.os.errno.ENOBUFS as number,
  };
}

let loading: Promise<Libc> | undefined;

/** The C library; rejects where koffi has no binary for this platform. */
export function loadLibc(): Promise<Libc> {
  loading ??= import("koffi").then(bind);
  return loading;
}
