import { describe, expect, it } from "vitest";
import type { ReadRoom } from "../../../subjects/daemon/channel/read-room.ts";
import { leastRoom, tooSmall } from "./read-buffer.ts";

const waiting = (threads: Record<string, number>): ReadRoom => ({
  kind: "waiting",
  threads: new Map(Object.entries(threads)),
});
const HIDDEN: ReadRoom = { kind: "hidden", why: "for a test" };

describe("the least room", () => {
  it("is that of fuse_dev_do_read", () => {
    expect([0, 4096, 8112, 8113, 131072, 1 << 20].map(leastRoom)).toEqual([
      8192, 8192, 8192, 8193, 131152, 1048656,
    ]);
  });
});

describe("a read", () => {
  it("has the least room or more", () => {
    expect(tooSmall(waiting({ a: 8192 }), null, 0)).toBeNull();
    expect(tooSmall(waiting({ a: 8191 }), null, 0)).toMatch(/in a read of 8191 bytes; .* room for 8192$/);
    expect(tooSmall(waiting({ a: 131152, b: 1 << 20 }), null, 131072)).toBeNull();
    expect(tooSmall(waiting({ a: 1 << 20, b: 131151 }), null, 131072)).toMatch(/reads with 131151 bytes/);
  });

  it("may have begun before INIT, if more than one thread waited then", () => {
    const now = waiting({ a: 8192 });
    expect(tooSmall(now, waiting({ a: 8192, b: 8192 }), 131072)).toBeNull();
    expect(tooSmall(now, waiting({ a: 8192 }), 131072)).not.toBeNull();
    expect(tooSmall(now, waiting({ b: 8192, c: 8192 }), 131072)).not.toBeNull();
    expect(tooSmall(now, HIDDEN, 131072)).not.toBeNull();
  });

  it("is not judged where it is hidden", () => {
    expect(tooSmall(HIDDEN, null, 8 << 20)).toBeNull();
  });
});
