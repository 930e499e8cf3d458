import { describe, expect, it } from "vitest";
import { OPCODES, openOut, ROOT_NODEID } from "../../spec/index.ts";
import { granted, refusal } from "./test/answers.ts";
import { agreed, OPEN_BODY, RELEASE_BODY, readBody } from "./test/asking.ts";

describe("files", () => {
  it("are opened, read as zeros, flushed and released", () => {
    const asking = agreed();
    const nodeid = asking.find("/data/part");
    expect(openOut.read(asking.ask(OPCODES.OPEN, nodeid, OPEN_BODY).body)).toMatchObject({ fh: 0n });
    const read = (offset: bigint, size: number) => asking.ask(OPCODES.READ, nodeid, readBody(offset, size));
    expect(read(0n, 10)).toEqual({ error: 0, body: new Uint8Array(10) });
    expect(read(1_234_560n, 100).body).toHaveLength(7);
    expect(read(1_234_567n, 100)).toEqual(granted());
    expect(read((1n << 64n) - 1n, 100)).toEqual(granted());
    expect(read(0n, 0xffff_ffff).body).toHaveLength(131_072);
    for (const opcode of [OPCODES.FLUSH, OPCODES.RELEASE])
      expect(asking.ask(opcode, nodeid, RELEASE_BODY)).toEqual(granted());
  });

  it("directories are opened in another way", () => {
    const asking = agreed();
    expect(asking.ask(OPCODES.OPENDIR, ROOT_NODEID, OPEN_BODY).body).toHaveLength(openOut.size);
    expect(asking.ask(OPCODES.RELEASEDIR, ROOT_NODEID, RELEASE_BODY)).toEqual(granted());
    expect(asking.ask(OPCODES.OPEN, ROOT_NODEID, OPEN_BODY)).toEqual(refusal("EISDIR"));
    expect(asking.ask(OPCODES.OPENDIR, asking.find("/link"), OPEN_BODY)).toEqual(refusal("ENOTDIR"));
    expect(asking.ask(OPCODES.OPEN, asking.find("/link"), OPEN_BODY)).toEqual(refusal("EINVAL"));
    expect(asking.ask(OPCODES.READLINK, ROOT_NODEID)).toEqual(refusal("EINVAL"));
    expect(asking.ask(OPCODES.LOOKUP, asking.find("/link"), Buffer.from("x\0"))).toEqual(refusal("ENOTDIR"));
  });
});
