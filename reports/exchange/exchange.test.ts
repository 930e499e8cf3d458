/** Decoded exchanges, from the literal bytes that a daemon was asked with and answered. */
import { describe, expect, it } from "vitest";
import { encodeFmap, type Fmap, DEFAULT_PROFILE as profile, type RuleId } from "../../spec/index.ts";
import type { LayoutRecord } from "../terminal/layout.ts";
import { type Dissected, dissect, requestLine } from "./exchange.ts";
import { replyLayout, requestLayout } from "./fuse-layout.ts";

const u16 = (n: number) => Buffer.from(Uint16Array.of(n).buffer).toString("hex");
const u32 = (n: number) => Buffer.from(Uint32Array.of(n).buffer).toString("hex");
const u64 = (n: bigint) => Buffer.from(BigUint64Array.of(n).buffer).toString("hex");

/** A request with unique 9 of process 7. */
const asked = (opcode: number, nodeid: bigint, body = "") =>
  u32(40 + body.length / 2) + u32(opcode) + u64(9n) + u64(nodeid) + u32(0) + u32(0) + u32(7) + u32(0) + body;
const answered = (error: number, body = "", len = 16 + body.length / 2) =>
  u32(len) + u32(error) + u64(9n) + body;

const told = (records: readonly LayoutRecord[]) =>
  records.flatMap(({ title, fields }) => fields.map((f) => `${title}: ${f.name} ${f.value}`.trimEnd()));
const requestOf = (hex: string) => told(requestLayout(Buffer.from(hex, "hex"), profile)).slice(9);
const replyOf = (opcode: number, body: string) =>
  told(replyLayout(Buffer.from(answered(0, body), "hex"), opcode, profile)).slice(3);
const marked = (d: Dissected | null) => d?.marks.map(({ offset, text }) => `${offset}: ${text}`);

describe("a request", () => {
  it("has its header field by field, the opcode by name", () => {
    expect(told(requestLayout(Buffer.from(asked(3, 1n), "hex"), profile)).slice(0, 4)).toEqual([
      "request, fuse_in_header: len 40",
      "request, fuse_in_header: opcode 3 (GETATTR)",
      "request, fuse_in_header: unique 9",
      "request, fuse_in_header: nodeid 1",
    ]);
  });

  it.each<[string, number, string, string[]]>([
    ["LOOKUP", 1, Buffer.from("file\0").toString("hex"), ['name: name "file"']],
    [
      "GET_FMAP",
      profile.opcodes.getFmap,
      u32(4096) + u32(0),
      ["fuse_get_fmap_in: size 4096", "fuse_get_fmap_in: padding 0"],
    ],
    [
      "BATCH_FORGET",
      42,
      u32(1) + u32(0) + u64(5n) + u64(2n),
      [
        "fuse_batch_forget_in: count 1",
        "fuse_batch_forget_in: dummy 0",
        "fuse_forget_one: nodeid 5",
        "fuse_forget_one: nlookup 2",
      ],
    ],
    ["an opcode without a struct", 99, "0102", ["2 bytes more:"]],
    ["a body that is cut off", 2, "0102", ["fuse_forget_in: nlookup cut off after 2 of 8 bytes"]],
  ])("%s", (_, opcode, body, fields) => {
    expect(requestOf(asked(opcode, 1n, body))).toEqual(fields);
  });

  it("may be too short for a header", () => {
    expect(told(requestLayout(Buffer.from("0102", "hex"), profile))).toEqual([
      "request, fuse_in_header: len cut off after 2 of 4 bytes",
    ]);
  });

  it("is a line of what says something", () => {
    const line = (hex: string) =>
      requestLine(
        dissect({ rule: "daemon/tree/open", detail: "", request: hex }, profile).request as Dissected,
      );
    expect(line(asked(profile.opcodes.getFmap, 5n, u32(4096) + u32(0)))).toBe(
      "GET_FMAP of nodeid 5, size 4096",
    );
    expect(line(asked(26, 0n, u32(7) + u32(42) + u32(0) + u32(0x0f) + u32(0)))).toBe(
      "INIT, major 7, minor 42, flags 0xf: ASYNC_READ, POSIX_LOCKS, FILE_OPS and 1 more",
    );
    expect(line(asked(99, 1n))).toBe("opcode 99 of nodeid 1");
    expect(line("0102")).toBe("? of nodeid ?");
  });
});

describe("a reply", () => {
  it("names its error, and a positive one as what it is", () => {
    const error = (n: number) => told(replyLayout(Buffer.from(answered(n), "hex"), 3, profile))[1];
    expect(error(0)).toBe("reply, fuse_out_header: error 0");
    expect(error(-2)).toBe("reply, fuse_out_header: error -2 (-ENOENT)");
    expect(error(5)).toBe("reply, fuse_out_header: error 5 (+EIO)");
    expect(error(-511)).toBe("reply, fuse_out_header: error -511");
  });

  it("to INIT names its bits, famfs's first", () => {
    const words =
      u32(7) + u32(42) + u32(0) + u32(0x4000_0001) + u32(0) + u32(4096) + u32(1) + u16(0) + u16(0);
    expect(replyOf(26, words + u32(0x8000_0400))).toEqual([
      "fuse_init_out: major 7",
      "fuse_init_out: minor 42",
      "fuse_init_out: max_readahead 0",
      "fuse_init_out: flags 0x40000001: ASYNC_READ, INIT_EXT",
      "fuse_init_out: max_background 0",
      "fuse_init_out: congestion_threshold 0",
      "fuse_init_out: max_write 4096",
      "fuse_init_out: time_gran 1",
      "fuse_init_out: max_pages 0",
      "fuse_init_out: map_alignment 0",
      "fuse_init_out: flags2 0x80000400: FUSE_DAX_FMAP, bit 63",
    ]);
    expect(replyOf(26, u32(7) + u32(42) + u32(0) + u32(0))).toContain("fuse_init_out: flags 0x0");
  });

  it("says what a mode means", () => {
    const attr = (mode: number) => replyOf(3, u64(0n).repeat(8) + u32(0).repeat(3) + u32(mode))[12];
    expect(attr(0o100644)).toBe("fuse_attr_out: mode 0100644 (regular file)");
    expect(attr(0o060644)).toBe("fuse_attr_out: mode 060644 (unknown type 0x6000)");
  });

  it("to GET_FMAP is the map, or the size that it needs", () => {
    const { getFmap } = profile.opcodes;
    expect(replyOf(getFmap, u32(5000))).toEqual(["size that the map needs: size 5000"]);
    expect(replyOf(getFmap, Buffer.from(encodeFmap(MAP)).toString("hex"))).toContain("header: nextents 1");
    expect(replyOf(getFmap, "")).toEqual([]);
  });

  it("to GET_DAXDEV has the name to its NUL, and what is not zero where it should be", () => {
    const name = Buffer.from("/dev/dax0.0\0dirt".padEnd(256, "\0")).toString("hex");
    const fields = replyOf(
      profile.opcodes.getDaxdev as number,
      u16(1) + u16(0) + u32(0) + u64(0n) + u64(1n << 40n) + name,
    );
    expect(fields).toEqual([
      "fuse_daxdev_out: index 1",
      "fuse_daxdev_out: reserved 0",
      "fuse_daxdev_out: reserved2 0",
      "fuse_daxdev_out: reserved3 0",
      "fuse_daxdev_out: reserved4 0x10000000000 (1099511627776)",
      'fuse_daxdev_out: name "/dev/dax0.0"',
    ]);
  });

  it("to READDIR and READDIRPLUS is its entries", () => {
    const entry = (name: string) =>
      u64(3n) + u64(1n) + u32(name.length) + u32(8) + Buffer.from(name.padEnd(8, "\0")).toString("hex");
    expect(replyOf(28, entry("a") + entry("b"))).toContain('entry 1, name: name "b"');
    expect(replyOf(44, u64(3n).repeat(16) + entry("a"))).toContain('entry 0, name: name "a"');
    expect(replyOf(5, Buffer.from("target").toString("hex"))).toEqual(['target: target "target"']);
  });
});

const MIB2 = 2n << 20n;
const MAP: Fmap = {
  fileType: 0,
  fileSize: MIB2,
  devBitmap: 1n,
  extType: "simple",
  extents: [{ devindex: 0n, offset: MIB2, length: MIB2 }],
};
const message = (change: (bytes: Buffer) => void = () => {}) => {
  const bytes = Buffer.from(encodeFmap(MAP));
  change(bytes);
  return bytes.toString("hex");
};
const failing = (rule: RuleId, reply: string, request?: string, before?: string) =>
  dissect(
    {
      rule,
      detail: "",
      reply,
      ...(request === undefined ? {} : { request }),
      ...(before === undefined ? {} : { before }),
    },
    profile,
  );

describe("the field at fault", () => {
  it.each<[RuleId, (bytes: Buffer) => void, string[]]>([
    ["daemon/fmap/version", (b) => b.writeUInt16LE(2, 2), ["2: fmap_version is 2"]],
    ["daemon/fmap/file-size", () => {}, ["16: at fault"]],
    ["daemon/fmap/symlink", () => {}, []],
    [
      "daemon/fmap/accepted",
      (b) => b.writeUInt32BE(1, 8),
      ["8: E2BIG fmap/header/nextents-limit; 1 would be right: it looks written in the opposite byte order"],
    ],
    [
      "daemon/fmap/accepted",
      (b) => b.writeBigUInt64LE(MIB2 + 4096n, 40),
      [
        "40: EINVAL fmap/simple/offset-alignment; 2097152 would be right: it looks too high by a page of 4096 bytes",
      ],
    ],
    [
      "daemon/fmap/accepted",
      (b) => b.writeBigUInt64LE(4096n, 40),
      ["40: EINVAL fmap/simple/offset-alignment"],
    ],
  ])("of %s", (rule, change, marks) => {
    const { reply } = failing(rule, message(change));
    expect(reply?.title).toBe("the map");
    expect(marked(reply)).toEqual(marks);
  });

  it("of a message that ends too early is its end", () => {
    expect(marked(failing("daemon/fmap/accepted", message().slice(0, 80)).reply)).toMatchObject([
      expect.stringMatching(/^\d+: EINVAL fmap\//),
    ]);
  });

  it("of a reply is named by the requirement", () => {
    const init = asked(26, 0n);
    const body = u32(7) + u32(42) + u32(0) + u32(1) + u32(0) + u32(1024) + u32(1) + u32(0) + u32(0);
    expect(marked(failing("daemon/init/max-write", answered(0, body), init).reply)).toEqual(["36: at fault"]);
    // A word of flags without a bit is not at fault.
    expect(marked(failing("daemon/init/only-offered", answered(0, body), init).reply)).toEqual([
      "28: at fault",
    ]);
    expect(marked(failing("daemon/reply/length", answered(0, "", 24)).reply)).toEqual(["0: at fault"]);
    expect(marked(failing("daemon/life/interrupt", answered(0)).reply)).toEqual([]);
  });
});

it("a map that changed is told with what it was", () => {
  const now = message((b) => b.writeBigUInt64LE(2n * MIB2, 40));
  const { before, reply } = failing("daemon/fmap/stable-again", now, undefined, message());
  expect(before?.title).toBe("the map before");
  expect(reply?.title).toBe("the map after");
  expect(marked(before)).toEqual([]);
  expect(marked(reply)).toEqual(["40: was 0x200000 (2097152)"]);
  const longer = failing("daemon/fmap/stable-again", `${now}00`, undefined, message());
  expect(marked(longer.reply)).toContain("56: new");
});

it("a failure without an exchange has none", () => {
  expect(dissect({ rule: "daemon/life/stays", detail: "" }, profile)).toEqual({
    request: null,
    before: null,
    reply: null,
  });
});
