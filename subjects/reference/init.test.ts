import { describe, expect, it } from "vitest";
import { ERRNO, INIT_BITS, initOut, OPCODES, ROOT_NODEID } from "../../spec/index.ts";
import { Asking, agreed, FMAP_BIT, GET_DAXDEV, initBody, OPEN_BODY } from "./test/asking.ts";

const bit = (n: number) => (1 << n) >>> 0;
const ALL = 0xffff_ffff;

const answerTo = (offer: Parameters<typeof initBody>[0]) => {
  const { error, body } = new Asking().init(offer);
  expect(error).toBe(0);
  return initOut.read(body);
};

it("answers in 7.43, or in the kernel's own minor where that is older", () => {
  expect(answerTo({ minor: 45 })).toMatchObject({ major: 7, minor: 43, max_write: 131_072, time_gran: 1 });
  expect(answerTo({ minor: 31 })).toMatchObject({ major: 7, minor: 31 });
});

it("does not take bit 42 of a newer kernel for FUSE_DAX_FMAP", () => {
  for (const [minor, agreed] of [
    [43, true],
    [44, false],
    [45, false],
  ] as const) {
    const asking = new Asking();
    const { flags2 } = initOut.read(asking.init({ minor }).body);
    expect([flags2, asking.daemon.session.fmapAgreed]).toEqual([agreed ? FMAP_BIT : 0, agreed]);
  }
});

it("sets no flag that was not offered", () => {
  for (let n = 0; n < 32; n++) {
    const offered = bit(n);
    const { flags, flags2 } = answerTo({ flags: offered, flags2: ALL });
    expect(flags & ~offered).toBe(0);
    if (n !== INIT_BITS.INIT_EXT) expect(flags2).toBe(0);
  }
});

it("takes all that it wants of a full offer, and FUSE_DAX_FMAP together with FUSE_INIT_EXT", () => {
  const wanted = [
    "ASYNC_READ",
    "BIG_WRITES",
    "DO_READDIRPLUS",
    "READDIRPLUS_AUTO",
    "PARALLEL_DIROPS",
    "MAX_PAGES",
  ] as const;
  const flags = [...wanted, "INIT_EXT" as const].reduce((all, name) => all | bit(INIT_BITS[name]), 0);
  expect(answerTo({ flags: ALL, flags2: ALL })).toMatchObject({ flags, flags2: FMAP_BIT, max_pages: 32 });
});

it("leaves FUSE_INIT_EXT and max_pages alone where it has no use for them", () => {
  const { flags, flags2, max_pages } = answerTo({ flags: bit(INIT_BITS.INIT_EXT), flags2: ALL - FMAP_BIT });
  expect({ flags, flags2, max_pages }).toEqual({ flags: 0, flags2: 0, max_pages: 0 });
});

it("does not read flags2 without FUSE_INIT_EXT", () => {
  const asking = new Asking();
  asking.init({ flags: ALL - bit(INIT_BITS.INIT_EXT), flags2: ALL });
  expect(asking.daemon.session.fmapAgreed).toBe(false);
});

it("takes no more read-ahead than it was offered", () => {
  expect(answerTo({ max_readahead: 4096 }).max_readahead).toBe(4096);
  expect(answerTo({ max_readahead: ALL }).max_readahead).toBe(131_072);
});

describe("versions", () => {
  it("of a newer major get the newest that the daemon has, and are asked again", () => {
    const asking = new Asking();
    expect(initOut.read(asking.init({ major: 8 }).body)).toMatchObject({ major: 7, minor: 43, flags: 0 });
    expect(asking.getattr(ROOT_NODEID).error).toBe(-ERRNO.EIO);
    expect(asking.init().error).toBe(0);
    expect(asking.getattr(ROOT_NODEID).error).toBe(0);
  });

  it.each([
    [{ major: 6 }, "EPROTO"],
    [{ major: 7, minor: 22 }, "EPROTO"],
  ] as const)("%j are too old", (offer, errno) => {
    expect(new Asking().init(offer)).toEqual({ error: -ERRNO[errno], body: new Uint8Array(0) });
  });

  it("before 7.36 have 16 bytes of INIT, and no flags2", () => {
    const asking = new Asking();
    expect(asking.ask(OPCODES.INIT, 0n, initBody({ minor: 35 }).subarray(0, 16)).error).toBe(0);
    expect(asking.daemon.session.fmapAgreed).toBe(false);
  });

  it.each([
    [45, 63],
    [45, 16],
    [35, 15],
    [35, 0],
  ])("7.%i with %i bytes of INIT is a body too short", (minor, length) => {
    const asking = new Asking();
    const short = initBody({ minor }).subarray(0, length);
    expect(asking.ask(OPCODES.INIT, 0n, short).error).toBe(-ERRNO.EINVAL);
    expect(asking.daemon.session.started).toBe(false);
  });
});

it("is asked once", () => {
  expect(agreed().init().error).toBe(-ERRNO.EINVAL);
});

it("comes before everything else", () => {
  const asking = new Asking();
  for (const opcode of [OPCODES.LOOKUP, OPCODES.STATFS, OPCODES.DESTROY, GET_DAXDEV])
    expect(asking.ask(opcode, ROOT_NODEID, OPEN_BODY).error).toBe(-ERRNO.EIO);
  expect(asking.daemon.ended).toBe(false);
});
