import { ERRNO, type ErrnoName, outHeader } from "../../spec/index.ts";

/** What the daemon answers, still without the request's unique. */
export interface Reply {
  /** As on the wire: 0 or a negative errno. */
  readonly error: number;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** A request that gets an errno and nothing else. */
export class Refusal extends Error {
  readonly errno: ErrnoName;

  constructor(errno: ErrnoName) {
    super(errno);
    this.errno = errno;
  }
}

export const granted = (body: Uint8Array = NOTHING): Reply => ({ error: 0, body });

export const refused = (errno: ErrnoName): Reply => ({ error: -ERRNO[errno], body: NOTHING });

/** The message that goes to the kernel: header and body. */
export function encodeReply(unique: bigint, { error, body }: Reply): Uint8Array {
  const message = new Uint8Array(outHeader.size + body.length);
  outHeader.write(message, 0, { len: message.length, error, unique });
  message.set(body, outHeader.size);
  return message;
}

/** A notification: a message that answers nothing, with its code in the place of the error. */
export function encodeNotification(code: number, body: Uint8Array = NOTHING): Uint8Array {
  return encodeReply(0n, { error: code, body });
}
