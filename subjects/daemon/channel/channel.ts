export type ChannelKind = "seqpacket" | "stream";

export interface ChannelListener {
  /**
   * What the daemon wrote, or a part of it; `bytes` belong to the channel and hold only during the call. Returns
   * whether more is expected soon.
   */
  onBytes(bytes: Uint8Array): boolean;
  /** Called once, when the last process with the daemon's end has closed it. */
  onClosed(): void;
}

/**
 * The kernel's end of a daemon's FUSE device: a socket instead of /dev/fuse. It carries bytes and knows nothing of
 * messages, except that it may keep their boundaries.
 */
export interface Channel {
  readonly kind: ChannelKind;
  /** Whether what is written at once arrives at once, so that several requests may be in flight. */
  readonly keepsBoundaries: boolean;
  /** Bytes of the largest message in either direction. */
  readonly maxMessage: number;
  /** What the user should know about this channel, one sentence each. */
  readonly notes: readonly string[];
  /** Starts reading. */
  listen(listener: ChannelListener): void;
  /**
   * Sends one request, which the caller must not change afterwards. Nothing happens if the daemon has closed its end:
   * the listener hears of it. Throws RangeError for a message above `maxMessage`.
   */
  send(message: Uint8Array): void;
  /**
   * Waits until another request may follow: on a stream until the daemon has read what was sent, for it would take two
   * requests for one; on packets until the kernel has accepted them. False: not within `timeout` milliseconds.
   */
  delivered(timeout: number): Promise<boolean>;
  /** Whether the daemon leaves, or has left, unread what was sent; null: this channel cannot tell. */
  leftUnread(): boolean | null;
  /** Tells the daemon that nothing follows, and still reads what it writes. */
  end(): void;
  /** Closes the channel; the listener hears nothing any more. */
  close(): void;
}

/** Name of the daemon's end as /proc shows it: who has a descriptor with this name holds the channel open. */
export type SocketName = `socket:[${string}]`;

/** Both ends of a channel whose daemon was not started yet. */
export interface ChannelEnds {
  readonly kind: ChannelKind;
  /** What spawn takes as the daemon's descriptor. */
  readonly daemonEnd: number | "pipe";
  /** The daemon's end, where it is known before the daemon runs. */
  readonly name: SocketName | null;
  /** Closes our copies of both ends: the daemon could not be started. */
  discard(): void;
}

/** Above this a message cannot be a reply: 256 pages, the most that a kernel asks for, and the header. */
export const MAX_REPLY = (1 << 20) + 16;
