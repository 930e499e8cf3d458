/** Notifications: what a daemon tells the kernel without being asked (fs/fuse/dev.c, fuse_notify). */
import {
  notifyDeleteOut,
  notifyInvalEntryOut,
  notifyInvalInodeOut,
  notifyPollOut,
  notifyPruneOut,
  notifyRetrieveOut,
  notifyStoreOut,
  type RuleId,
} from "../../spec/index.ts";

interface Shape {
  readonly name: string;
  /** What the body begins with; null: no kernel looks at the body. */
  readonly head: { readonly cName: string; readonly size: number } | null;
  /** Bytes that follow the head, as it says; null: any number. Without it none do. */
  readonly tail?: ((head: DataView) => number) | null;
}

const u32At = (at: number) => (head: DataView) => head.getUint32(at, true);

/** A name and its NUL. */
const nameOf = (namelen: (head: DataView) => number) => (head: DataView) => namelen(head) + 1;

/** By code: enum fuse_notify_code. */
const SHAPES: readonly (Shape | null)[] = [
  null,
  { name: "POLL", head: notifyPollOut },
  { name: "INVAL_INODE", head: notifyInvalInodeOut },
  {
    name: "INVAL_ENTRY",
    head: notifyInvalEntryOut,
    tail: nameOf(u32At(notifyInvalEntryOut.offsetOf("namelen"))),
  },
  { name: "STORE", head: notifyStoreOut, tail: u32At(notifyStoreOut.offsetOf("size")) },
  { name: "RETRIEVE", head: notifyRetrieveOut },
  { name: "DELETE", head: notifyDeleteOut, tail: nameOf(u32At(notifyDeleteOut.offsetOf("namelen"))) },
  { name: "RESEND", head: null },
  { name: "INC_EPOCH", head: null },
  { name: "PRUNE", head: notifyPruneOut, tail: null },
];

const LAST = SHAPES.length - 1;

/** Why write(2) of this notification gets EINVAL; null: it does not. */
export function notificationFault(code: number, body: Uint8Array): { rule: RuleId; detail: string } | null {
  const shape = SHAPES[code];
  if (shape === undefined || shape === null)
    return {
      rule: "daemon/notify/code",
      detail: `a message with unique 0 is a notification, and has the code ${code}; the codes are 1 to ${LAST}`,
    };
  const { name, head, tail } = shape;
  if (head === null) return null;
  const wrong = (expected: string) => ({
    rule: "daemon/notify/body" as const,
    detail: `the notification ${name} has a body of ${body.length} bytes; ${expected}`,
  });
  if (body.length < head.size) return wrong(`${head.cName} has ${head.size}`);
  if (tail === null) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const size = head.size + (tail?.(view) ?? 0);
  return body.length === size ? null : wrong(`by its ${head.cName} it has ${size}`);
}
