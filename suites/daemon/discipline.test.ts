/** What the played kernel sends, by what INIT agreed on and what the daemon does without. */
import { describe, expect, it } from "vitest";
import {
  attrOut,
  batchForgetIn,
  DEFAULT_PROFILE,
  ERRNO,
  entryOut,
  flushIn,
  getattrIn,
  OPCODES,
  openIn,
  ROOT_NODEID,
  readIn,
  releaseIn,
} from "../../spec/index.ts";
import { type Agreed, readsPlus } from "../../subjects/daemon/agreement.ts";
import { fetchFmap } from "./checks/fetch.ts";
import { Kernel } from "./kernel.ts";
import { type Change, errnoReply, inProcess } from "./test/in-process.ts";

const GET_FMAP = DEFAULT_PROFILE.opcodes.getFmap;

/** A kernel, and what it has sent. */
function sending(agreed: Partial<Agreed> = {}, change: Change = () => null) {
  const sent: { opcode: number; nodeid: bigint; body: Uint8Array }[] = [];
  const talk = inProcess((request, answer) => {
    sent.push(request);
    return change(request, answer);
  });
  const { connection, ledger } = talk;
  Object.assign(connection, { agreed: { ...talk.kernel.agreed, ...agreed } });
  return { ...talk, kernel: new Kernel(connection, ledger, DEFAULT_PROFILE), sent };
}

const opcodesOf = ({ sent }: ReturnType<typeof sending>) => sent.map((s) => s.opcode);

async function nodeidOf(kernel: Kernel, name = "32 extents"): Promise<bigint> {
  const found = await kernel.lookup(ROOT_NODEID, name);
  if (!("value" in found)) throw new Error(`there is no ${name}`);
  return found.value.nodeid;
}

it("nothing is asked before INIT was answered", () => {
  const { connection, ledger } = inProcess();
  Object.assign(connection, { agreed: null });
  expect(() => new Kernel(connection, ledger, DEFAULT_PROFILE)).toThrow("before INIT");
});

describe("a map is asked for", () => {
  it("while the file is open, which is flushed and released", async () => {
    const talk = sending();
    const nodeid = await nodeidOf(talk.kernel);
    expect((await fetchFmap(talk.kernel, nodeid)).message).not.toBeNull();
    const asked = [OPCODES.LOOKUP, OPCODES.OPEN, GET_FMAP, OPCODES.FLUSH, OPCODES.RELEASE];
    expect(opcodesOf(talk)).toEqual(asked);
    const [, open, , flush, release] = talk.sent.map((s) => s.body) as Uint8Array[];
    expect(openIn.read(open as Uint8Array)).toEqual({ flags: 0x8000, open_flags: 0 });
    expect(flushIn.read(flush as Uint8Array).lock_owner).not.toBe(0n);
    expect(releaseIn.read(release as Uint8Array)).toMatchObject({ flags: 0x8000, lock_owner: 0n });
  });

  it("not where the file cannot be opened", async () => {
    const talk = sending({}, ({ opcode }) => (opcode === OPCODES.OPEN ? errnoReply(ERRNO.EACCES) : null));
    const fetched = await fetchFmap(talk.kernel, await nodeidOf(talk.kernel));
    expect(fetched).toMatchObject({ message: null, errno: ERRNO.EACCES, unopened: "OPEN: EACCES" });
    expect(opcodesOf(talk)).toEqual([OPCODES.LOOKUP, OPCODES.OPEN]);
  });
});

describe("what got ENOSYS is not sent again", () => {
  it.each([
    ["OPEN", [OPCODES.OPEN, OPCODES.FLUSH, OPCODES.FLUSH]],
    ["FLUSH", [OPCODES.OPEN, OPCODES.FLUSH, OPCODES.RELEASE, OPCODES.OPEN, OPCODES.RELEASE]],
  ] as const)("%s", async (name, expected) => {
    const talk = sending({}, ({ opcode }) => (opcode === OPCODES[name] ? errnoReply(ERRNO.ENOSYS) : null));
    const nodeid = await nodeidOf(talk.kernel);
    for (let i = 0; i < 2; i++) {
      const opened = await talk.kernel.open(nodeid);
      if ("value" in opened) await talk.kernel.release(nodeid, opened.value);
    }
    expect(opcodesOf(talk).slice(1)).toEqual(expected);
  });

  it("OPENDIR, and with it RELEASEDIR", async () => {
    const talk = sending({}, ({ opcode }) => (opcode === OPCODES.OPENDIR ? errnoReply(ERRNO.ENOSYS) : null));
    for (let i = 0; i < 2; i++) {
      const opened = await talk.kernel.open(ROOT_NODEID, true);
      expect(opened).toMatchObject({ value: { fh: 0n } });
      if ("value" in opened) await talk.kernel.release(ROOT_NODEID, opened.value, true);
    }
    expect(opcodesOf(talk)).toEqual([OPCODES.OPENDIR]);
  });
});

it("FOPEN_NOFLUSH spares FLUSH", async () => {
  const talk = sending();
  const nodeid = await nodeidOf(talk.kernel);
  await talk.kernel.open(nodeid);
  await talk.kernel.release(nodeid, { fh: 0n, open_flags: 0x20 });
  expect(opcodesOf(talk).slice(1)).toEqual([OPCODES.OPEN, OPCODES.RELEASE]);
});

it("fstat names the handle", async () => {
  const talk = sending();
  await talk.kernel.getattr(ROOT_NODEID);
  await talk.kernel.getattr(ROOT_NODEID, 7n);
  expect(talk.sent.map((s) => getattrIn.read(s.body))).toEqual([
    { getattr_flags: 0, dummy: 0, fh: 0n },
    { getattr_flags: 1, dummy: 0, fh: 7n },
  ]);
});

describe("several nodeids are given back", () => {
  const forgets = async (minor: number, names: readonly string[]) => {
    const talk = sending({ minor });
    const nodeids: bigint[] = [];
    for (const name of names) nodeids.push(await nodeidOf(talk.kernel, name));
    talk.sent.length = 0;
    talk.kernel.batchForget(nodeids);
    expect(talk.kernel.lookups.size).toBe(0);
    return talk.sent;
  };

  it("in one message from minor 16 on", async () => {
    const sent = await forgets(16, ["data", "striped"]);
    expect(sent.map((s) => s.opcode)).toEqual([OPCODES.BATCH_FORGET]);
    expect(batchForgetIn.read((sent[0] as { body: Uint8Array }).body).count).toBe(2);
  });

  it("one by one before, and where there is one", async () => {
    expect((await forgets(15, ["data", "striped"])).map((s) => s.opcode)).toEqual([
      OPCODES.FORGET,
      OPCODES.FORGET,
    ]);
    expect((await forgets(45, ["data"])).map((s) => s.opcode)).toEqual([OPCODES.FORGET]);
  });
});

describe("replies before protocol 7.9", () => {
  const cut: Change = ({ opcode }, answer) =>
    answer !== null && [OPCODES.LOOKUP, OPCODES.GETATTR].includes(opcode as 1 | 3)
      ? { kind: "reply", error: 0, body: answer.subarray(0, answer.length - 8) }
      : null;

  it("are 8 bytes shorter, and are read so", async () => {
    const { kernel, ledger } = sending({ minor: 8 }, cut);
    expect(await nodeidOf(kernel)).toBeGreaterThan(1n);
    expect(await kernel.getattr(ROOT_NODEID)).toMatchObject({ value: { ino: 1n } });
    expect(ledger.failures).toEqual([]);
  });

  it("have to be", async () => {
    const { kernel, ledger } = sending({ minor: 8 });
    await kernel.getattr(ROOT_NODEID);
    expect(ledger.failures).toMatchObject([
      { detail: `GETATTR is answered with ${attrOut.size} bytes, fuse_attr_out has 96 in protocol 7.8` },
    ]);
    const later = sending({ minor: 9 }, cut);
    await later.kernel.lookup(ROOT_NODEID, "data");
    expect(later.ledger.failures).toMatchObject([
      { detail: `LOOKUP is answered with 120 bytes, fuse_entry_out has ${entryOut.size}` },
    ]);
  });
});

describe("a directory is read", () => {
  it("as fuse_use_readdirplus decides", () => {
    const { kernel } = inProcess();
    const decided = (agreed: Partial<Agreed>) =>
      [
        [0n, false],
        [8n, false],
        [8n, true],
      ].map(([offset, advised]) =>
        readsPlus({ ...kernel.agreed, ...agreed }, offset as bigint, advised as boolean),
      );
    expect(decided({ plus: false, plusAuto: true })).toEqual([false, false, false]);
    expect(decided({ plus: true, plusAuto: false })).toEqual([true, true, true]);
    expect(decided({ plus: true, plusAuto: true })).toEqual([true, false, true]);
  });

  it("in pages of what max_pages allows", async () => {
    const talk = sending({ maxPages: 1 });
    await talk.kernel.readdir(ROOT_NODEID, 0n, 0n, true);
    expect(readIn.read((talk.sent[0] as { body: Uint8Array }).body)).toMatchObject({
      size: 4096,
      flags: 0x18800,
    });
  });
});
