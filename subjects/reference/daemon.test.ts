import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  ERRNO,
  interruptIn,
  manifestFromJson,
  OPCODES,
  outHeader,
  ROOT_NODEID,
} from "../../spec/index.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import { granted, refusal } from "./test/answers.ts";
import {
  agreed,
  fmapBody,
  GET_DAXDEV,
  GET_FMAP,
  GETATTR_BODY,
  messageOf,
  OPEN_BODY,
  RELEASE_BODY,
  readBody,
} from "./test/asking.ts";

const { files } = manifestFromJson(DEFAULT_MANIFEST);

describe("the end and the odd", () => {
  it("INTERRUPT has no answer and disturbs nothing", () => {
    const asking = agreed();
    expect(asking.raw(OPCODES.INTERRUPT, 0n, bytesOf(interruptIn, { unique: asking.unique }))).toEqual([]);
    expect(asking.raw(OPCODES.INTERRUPT, 0n)).toEqual([]);
    expect(asking.getattr(ROOT_NODEID).error).toBe(0);
  });

  it("DESTROY is answered and is the last", () => {
    const asking = agreed();
    expect(asking.daemon.ended).toBe(false);
    expect(asking.ask(OPCODES.DESTROY, 0n)).toEqual(granted());
    expect(asking.daemon.ended).toBe(true);
  });

  it("other opcodes are not known", () => {
    for (const opcode of [0, 4, 16, 55, 4095, 0xffff_ffff])
      expect(agreed().ask(opcode, ROOT_NODEID, new Uint8Array(64))).toEqual(refusal("ENOSYS"));
  });

  it.each([
    ["GETATTR", OPCODES.GETATTR, GETATTR_BODY],
    ["OPENDIR", OPCODES.OPENDIR, OPEN_BODY],
    ["RELEASEDIR", OPCODES.RELEASEDIR, RELEASE_BODY],
    ["READDIR", OPCODES.READDIR, readBody(0n, 4096)],
  ])("%s with a body too short is refused, with one too long served", (_, opcode, body) => {
    for (let length = 0; length < body.length; length++)
      expect(agreed().ask(opcode, ROOT_NODEID, body.subarray(0, length))).toEqual(refusal("EINVAL"));
    expect(agreed().ask(opcode, ROOT_NODEID, Buffer.concat([body, body])).error).toBe(0);
  });

  it.each([
    ["OPEN", OPCODES.OPEN, OPEN_BODY],
    ["READ", OPCODES.READ, readBody(0n, 4096)],
    ["FLUSH", OPCODES.FLUSH, RELEASE_BODY],
    ["RELEASE", OPCODES.RELEASE, RELEASE_BODY],
    ["GET_FMAP", GET_FMAP, fmapBody(4096)],
  ])("%s of a file too", (_, opcode, body) => {
    const asking = agreed();
    const nodeid = asking.find("/data/whole");
    for (let length = 0; length < body.length; length++)
      expect(asking.ask(opcode, nodeid, body.subarray(0, length))).toEqual(refusal("EINVAL"));
  });

  it("a header that lies about the length is refused", () => {
    for (const lie of [-41, -40, -4, 1, 4096, 1 << 30])
      expect(agreed().ask(OPCODES.STATFS, ROOT_NODEID, new Uint8Array(64), lie)).toEqual(refusal("EINVAL"));
    expect(agreed().raw(OPCODES.FORGET, 2n, new Uint8Array(8), 1)).toEqual([]);
  });

  it("less than a header is refused as long as it says who asks", () => {
    const message = messageOf(OPCODES.STATFS, ROOT_NODEID, undefined, { unique: 77n });
    const { daemon } = agreed();
    for (let length = 0; length < 16; length++)
      expect(daemon.answer(message.subarray(0, length))).toEqual([]);
    for (let length = 16; length < 40; length++) {
      const [reply] = daemon.answer(message.subarray(0, length));
      expect(outHeader.read(reply as Uint8Array)).toEqual({ len: 16, error: -ERRNO.EINVAL, unique: 77n });
    }
  });
});

it("answers anything at all once or not at all, to who asked, and goes on", () => {
  const asking = agreed();
  const known = files.map((f) => asking.find(f.path));
  const opcodes = [
    ...Object.values(OPCODES).filter((o) => o !== OPCODES.DESTROY),
    GET_FMAP,
    GET_DAXDEV,
    0,
    99,
  ];
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.constantFrom(...[0, 1 << 30, 0xffff_ffff].map((n) => readBody(BigInt(n), n))),
    fc.constantFrom("data\0", "a/b\0", "..\0").map((name) => new Uint8Array(Buffer.from(name))),
  );
  const nodeid = fc.oneof(fc.constantFrom(0n, 1n, ...known), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
  const lie = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constantFrom(-4, 4, 1 << 20));
  fc.assert(
    fc.property(fc.constantFrom(...opcodes), nodeid, body, lie, (opcode, node, bytes, by) => {
      const replies = asking.raw(opcode, node, bytes, by);
      expect(replies.length).toBeLessThanOrEqual(1);
      for (const reply of replies) {
        const { len, error, unique } = outHeader.read(reply);
        expect([len, unique]).toEqual([reply.length, asking.unique]);
        expect(error).toBeLessThanOrEqual(0);
        expect(error).toBeGreaterThan(-512);
        if (error !== 0) expect(len).toBe(outHeader.size);
      }
      expect(asking.getattr(ROOT_NODEID).error).toBe(0);
    }),
    { numRuns: 2000 },
  );
});
