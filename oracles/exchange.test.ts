import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, ERRNO, type ErrnoName, errnoName } from "../spec/index.ts";
import { type Answer, beginExchange, continueExchange, type Exchange, openResult } from "./exchange.ts";
import { SMALLEST } from "./test/messages.ts";

const begin = (hasMap = false, failing: "first" | null = null) =>
  beginExchange(DEFAULT_PROFILE, hasMap, failing);
const first = { state: "asking", size: 4096, retried: false } as const;
const again = (size: number) => ({ state: "asking", size, retried: true }) as const;
const answer = (asking: Extract<Exchange, { state: "asking" }>, a: Answer, failing: "retry" | null = null) =>
  continueExchange(DEFAULT_PROFILE, asking, a, failing);
const size = (n: number): Answer => {
  // In the middle of a buffer, as a reply comes: only its own four bytes count.
  const buffer = Buffer.alloc(12, 0xff);
  buffer.writeUInt32LE(n, 4);
  return { payload: buffer.subarray(4, 8) };
};
const bytes = (n: number): Answer => ({ payload: new Uint8Array(n) });
const failed = (rule: string, errno: ErrnoName, leaked: number) => ({
  state: "done",
  rc: -ERRNO[errno],
  rule,
  message: null,
  leaked,
});

describe("the first request", () => {
  it("says that 4096 bytes can be taken", () => {
    expect(begin()).toEqual(first);
  });

  it("is not sent for an inode that has a map, nor looked for a buffer", () => {
    const done = { state: "done", rc: 0, rule: "exchange/already-mapped", message: null, leaked: 0 };
    expect(begin(true)).toEqual(done);
    expect(begin(true, "first")).toEqual(done);
  });

  it("is not sent without a buffer", () => {
    expect(begin(false, "first")).toEqual(failed("exchange/buffer-alloc", "EIO", 0));
  });
});

describe("the first answer", () => {
  it.each([["ENOENT"], ["EIO"], ["ENOSYS"]] as const)("%s is handed on, and the buffer is lost", (errno) => {
    expect(answer(first, { errno })).toEqual(failed("exchange/server-error", errno, 4096));
  });

  it.each([0, 1, 3, 5, 31, 55, 56, 4095, 4096])("of %i bytes goes to the parser as it is", (n) => {
    const payload = new Uint8Array(n).fill(7);
    expect(answer(first, { payload })).toEqual({
      state: "done",
      rc: 0,
      rule: null,
      message: payload,
      leaked: 0,
    });
  });

  it.each([4097, 32_768])("of %i bytes is too long for the transport", (n) => {
    expect(answer(first, bytes(n))).toEqual(failed("exchange/oversized-reply", "EIO", 4096));
  });

  it.each([56, 57, 4095, 4096, 4097, 32_768])("of 4 bytes that say %i is asked for once more", (n) => {
    expect(answer(first, size(n))).toEqual(again(n));
  });

  it.each([0, 1, 4, 55, 32_769, 0x80000000, 0xffffffff])("of 4 bytes that say %i ends it", (n) => {
    expect(answer(first, size(n))).toEqual(failed("exchange/size-range", "EIO", 4096));
    expect(answer(first, size(n), "retry")).toEqual(failed("exchange/size-range", "EIO", 4096));
  });

  it("ends it when there is no memory for the size; the first buffer is free by then", () => {
    expect(answer(first, size(56), "retry")).toEqual(failed("exchange/retry-alloc", "EIO", 0));
  });
});

describe("the second answer", () => {
  it("of 4 bytes goes to the parser, whatever they say", () => {
    for (const n of [0, 56, 0xffffffff])
      expect(answer(again(4097), size(n))).toMatchObject({ state: "done", rc: 0 });
    expect(answer(again(4097), size(56), "retry")).toMatchObject({
      message: (size(56) as { payload: Buffer }).payload,
    });
  });

  it("may be as long as was asked for, and no longer", () => {
    expect(answer(again(56), { payload: SMALLEST })).toMatchObject({ rc: 0, message: SMALLEST, leaked: 0 });
    expect(answer(again(32_768), bytes(32_768))).toMatchObject({ rc: 0, rule: null });
    expect(answer(again(56), bytes(57))).toEqual(failed("exchange/oversized-reply", "EIO", 56));
    expect(answer(again(32_768), bytes(32_769))).toEqual(failed("exchange/oversized-reply", "EIO", 32_768));
  });

  it("may be an errno, and the buffer of that size is lost", () => {
    expect(answer(again(32_768), { errno: "EBUSY" })).toEqual(
      failed("exchange/server-error", "EBUSY", 32_768),
    );
  });
});

describe("open(2)", () => {
  it("hides what fuse_get_fmap returned where the revision only logs it", () => {
    for (const rc of [0, -ERRNO.EIO, -ERRNO.ENOENT]) expect(openResult(DEFAULT_PROFILE, rc)).toBe(0);
  });

  it("returns it where the revision does not", () => {
    const strict = {
      ...DEFAULT_PROFILE,
      exchange: { ...DEFAULT_PROFILE.exchange, openIgnoresFmap: false },
    };
    expect(openResult(strict, 0)).toBe(0);
    expect(errnoName(-openResult(strict, -ERRNO.EIO))).toBe("EIO");
  });
});
