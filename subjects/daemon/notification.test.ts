import { describe, expect, it } from "vitest";
import { notificationFault } from "./notification.ts";

/** A body of that many bytes with a u32 at one place. */
function body(size: number, at = 0, value = 0): Uint8Array {
  const bytes = new Uint8Array(size);
  if (size >= at + 4) new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

describe("a notification", () => {
  it.each([
    ["POLL", 1, body(8)],
    ["INVAL_INODE", 2, body(24)],
    ["INVAL_ENTRY of `name`", 3, body(16 + 5, 8, 4)],
    ["STORE of 100 bytes", 4, body(24 + 100, 16, 100)],
    ["STORE of nothing", 4, body(24)],
    ["RETRIEVE", 5, body(32)],
    ["DELETE of `name`", 6, body(24 + 5, 16, 4)],
    ["RESEND", 7, body(0)],
    ["INC_EPOCH with a body", 8, body(9)],
    ["PRUNE of two", 9, body(16 + 16, 0, 2)],
  ])("%s is accepted", (_, code, bytes) => {
    expect(notificationFault(code, bytes)).toBeNull();
  });

  it.each([0, 10, 100, -1, -11])("of code %i gets EINVAL", (code) => {
    expect(notificationFault(code, body(24))).toMatchObject({ rule: "daemon/notify/code" });
  });

  it.each([
    ["POLL", 1, body(7), /POLL has a body of 7 bytes; fuse_notify_poll_wakeup_out has 8$/],
    ["INVAL_INODE, too long", 2, body(32), /32 bytes; by its fuse_notify_inval_inode_out it has 24$/],
    ["INVAL_ENTRY without a NUL", 3, body(16 + 4, 8, 4), /20 bytes; by its .* it has 21$/],
    ["STORE, over", 4, body(24 + 100, 16, 99), /it has 123$/],
    ["RETRIEVE", 5, body(31), /has 32$/],
    ["DELETE", 6, body(23), /has 24$/],
    ["PRUNE", 9, body(15), /has 16$/],
  ])("%s, of the wrong size, gets EINVAL", (_, code, bytes, detail) => {
    expect(notificationFault(code, bytes)).toEqual({
      rule: "daemon/notify/body",
      detail: expect.stringMatching(detail),
    });
  });
});
