/** The daemon in drivers/fuse-c under sanitizers: whatever it is asked, it answers and lives. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE, OPCODES, ROOT_NODEID, UNANSWERED } from "../../spec/index.ts";
import { FuseConnection } from "../daemon/channel/connection.ts";
import { withEachCompiler } from "../kernel-source/test/compilers.ts";
import { GET_DAXDEV, GET_FMAP, GETATTR_BODY, messageOf, readBody } from "./test/asking.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-famfsd-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SOURCE = join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c");
const STRICT = ["-std=gnu11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

const silent = [...UNANSWERED, OPCODES.INTERRUPT];
const opcodes = Object.values(OPCODES).filter((o) => o !== OPCODES.DESTROY);

/** A message of any opcode with any body, whose header may lie about the length. */
const messageArb = fc.record({
  opcode: fc.constantFrom(...opcodes, GET_FMAP, GET_DAXDEV, 0, 4095, 0xffff_ffff),
  nodeid: fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.nat(4096).map((n) => new Uint8Array(n).fill(0xff)),
    fc.constantFrom(0, 100, 4096, 0xffff_ffff).map((size) => readBody(BigInt(size % 3), size)),
    fc
      .constantFrom("data\0", "striped\0", "link\0", "..\0", "a/b\0", "unterminated")
      .map((name) => Buffer.from(name)),
  ),
  lie: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.constantFrom(-40, -4, 4, 4096)),
});

withEachCompiler("the C daemon", (cc) => {
  const program = join(folder, `famfsd-${cc}`);

  beforeAll(() => {
    const sanitize = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    execFileSync(cc, [...STRICT, ...sanitize, "-o", program, SOURCE]);
  });

  it.each(["seqpacket", "stream"] as const)("answers whatever comes over %s", async (channel) => {
    const connection = await FuseConnection.start([program, "{mountpoint}"], { channel, timeout: 20_000 });
    await connection.init(DEFAULT_PROFILE, { offerFmap: true });
    for (const { opcode, nodeid, body, lie } of fc.sample(messageArb, { numRuns: 1000, seed: 7 })) {
      const unique = connection.nextUnique();
      const message = messageOf(opcode, nodeid, body, { unique, lie });
      if (silent.includes(opcode)) await connection.postRaw(message);
      else expect((await connection.requestRaw(message, unique)).kind).toBe("reply");
      const root = await connection.request(OPCODES.GETATTR, ROOT_NODEID, GETATTR_BODY);
      expect(root).toMatchObject({ kind: "reply", error: 0 });
    }
    expect(connection.faults).toEqual([]);
    expect(await connection.close({ destroy: true })).toMatchObject({ killed: false, signal: null, log: "" });
  });
});

it("is short enough to be read at once", () => {
  expect(readFileSync(SOURCE, "utf8").split("\n").length).toBeLessThan(500);
});
