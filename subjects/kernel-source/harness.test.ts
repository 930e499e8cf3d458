import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE } from "../../spec/profiles/index.ts";
import { SEED } from "../../test/seed.ts";
import { type BuiltParser, buildKernelSource } from "./build.ts";
import { EXTENDED, OOPS } from "./observation.ts";
import { hasCompiler, withEachCompiler } from "./test/compilers.ts";
import { extendedFrame, HarnessClient, plainFrame } from "./test/harness-client.ts";
import { interleavedMessage, MIB2, simpleMessage } from "./test/messages.ts";

const [E2BIG, ENOMEM, EEXIST, EINVAL, EALREADY] = [-7, -12, -17, -22, -114];
const CHUNK = Number(MIB2);

const one = simpleMessage(MIB2, [[0, MIB2, MIB2]]);
const striped = interleavedMessage(4n * MIB2, [
  {
    chunkSize: CHUNK,
    nbytes: 4n * MIB2,
    strips: [
      [0, 0n, 2n * MIB2],
      [0, 8n * MIB2, 2n * MIB2],
    ],
  },
]);
const twoStriped = interleavedMessage(4n * MIB2, [
  {
    chunkSize: CHUNK,
    nbytes: 2n * MIB2,
    strips: [
      [0, 0n, MIB2],
      [0, MIB2, MIB2],
    ],
  },
  {
    chunkSize: CHUNK,
    nbytes: 2n * MIB2,
    strips: [
      [0, 2n * MIB2, MIB2],
      [0, 3n * MIB2, MIB2],
    ],
  },
]);

const own = join(PACKAGE_ROOT, "subjects/kernel-source/test/own");
const seed = join(`${SEED}`, "kernel");

withEachCompiler("our own source", (cc) => testsOf(own, cc));
describe.skipIf(SEED === undefined)("the kernel patch", () =>
  withEachCompiler("built", (cc) => testsOf(seed, cc)),
);

function testsOf(path: string, cc: string): void {
  let built: BuiltParser;
  let client: HarnessClient;
  beforeAll(async () => {
    built = await buildKernelSource(path, DEFAULT_PROFILE, { cc });
    client = new HarnessClient(built.executable);
  });
  afterAll(async () => {
    expect(await client.stop()).toBe(0);
    await built.dispose();
  });

  it("hands over an accepted map as it is in memory, and how it was installed", async () => {
    const { rc, map, seen } = await client.judge(one);
    expect(rc).toBe(0);
    expect(map).toEqual({
      fileType: 0,
      extType: 0,
      fileSize: MIB2,
      devBitmap: 1n,
      items: [{ dev: 0n, offset: MIB2, length: MIB2 }],
    });
    expect(seen).toMatchObject({ leaked: 0, allocations: 2, lockDepth: 0, mapState: 1, dax: 1, dangling: 0 });
    expect(seen).toMatchObject({ shifts: 0, otherUb: 0, asan: 0, iSize: MIB2 });
  });

  it("hands over interleaved extents with their strips", async () => {
    const { map } = await client.judge(striped);
    const strips = [
      { dev: 0n, offset: 0n, length: 2n * MIB2 },
      { dev: 0n, offset: 8n * MIB2, length: 2n * MIB2 },
    ];
    expect(map?.items).toEqual([{ chunkSize: MIB2, nbytes: 4n * MIB2, strips }]);
  });

  it("hands over the errno of a refused message, and an untouched inode", async () => {
    const { rc, map, seen } = await client.judge(simpleMessage(MIB2, [[0, 0n, MIB2]], 33));
    expect(rc).toBe(E2BIG);
    expect(map).toBeUndefined();
    expect(seen).toMatchObject({ allocations: 0, mapState: 0, dax: 0, iSize: 0x5eedn });
    expect((await client.judge(new Uint8Array())).rc).toBe(EINVAL);
  });

  it("sees an undefined shift from devindex 31 on, and where it is", async () => {
    expect((await client.judge(simpleMessage(MIB2, [[30, 0n, MIB2]]))).seen.shifts).toBe(0);
    for (const devindex of [31, 32, 63, 64]) {
      const { rc, seen } = await client.judge(simpleMessage(MIB2, [[devindex, 0n, MIB2]]));
      expect(rc).toBe(EINVAL);
      expect(seen).toMatchObject({ shifts: 1, otherUb: 0 });
      expect((await client.sites())[seen.shiftSite - 1]).toMatch(/^shift-out-of-bounds famfs\.c:\d+:\d+$/);
    }
  });

  it("counts the strips that are forgotten when a map is freed", async () => {
    expect((await client.judge(striped)).seen.leaked).toBe(0);
    expect((await client.judge(twoStriped)).seen).toMatchObject({ leaked: 1, allocations: 4 });
  });

  it("has each allocation fail in turn", async () => {
    for (const failAllocation of [1, 2, 3, 4]) {
      const { rc, seen } = await client.judge(twoStriped, { failAllocation });
      expect(rc).toBe(ENOMEM);
      expect(seen).toMatchObject({ allocations: failAllocation - 1, mapState: 0, asan: 0, leaked: 0 });
    }
    expect((await client.judge(twoStriped, { failAllocation: 5 })).rc).toBe(0);
  });

  it("plays each scene of an inode's life", async () => {
    const expected = {
      plain: { rc: 0, seen: { mapState: 1, dangling: 0, lockDepth: 0 } },
      mapped: { rc: EEXIST, seen: { mapState: 2, allocations: 0, iSize: 0x5eedn } },
      lostRace: { rc: EEXIST, seen: { mapState: 2, leaked: 0, allocations: 2, lockDepth: 0 } },
      lateRival: { rc: EALREADY, seen: { mapState: 2, leaked: 0, lockDepth: 1, dax: 0 } },
      // The stand-in of famfs_meta_free leaves nothing behind.
      evict: { rc: 0, seen: { mapState: 1, dangling: 0, leaked: 0 } },
    } as const;
    for (const [scene, outcome] of Object.entries(expected))
      expect(await client.judge(one, { scene: scene as keyof typeof expected }), scene).toMatchObject(
        outcome,
      );
  });

  it("sees a read past the message's end only where there is one", async () => {
    for (let length = 0; length < twoStriped.length; length++) {
      const { rc, seen } = await client.judge(twoStriped.subarray(0, length));
      expect(rc).toBe(EINVAL);
      expect(seen).toMatchObject({ asan: 0, otherUb: 0 });
    }
  });

  it("answers many requests at once, in order", async () => {
    const frames = [one, Buffer.alloc(31), striped].map(plainFrame);
    const replies = [await client.exchange(Buffer.concat(frames)), ...(await again()), ...(await again())];
    expect(replies.map((reply) => reply?.readInt32LE())).toEqual([0, EINVAL, 0]);
    async function again() {
      return [await client.exchange(new Uint8Array())];
    }
  });
}

describe.skipIf(!hasCompiler("gcc"))("our own resolver", () => {
  let built: BuiltParser;
  let client: HarnessClient;
  beforeAll(async () => {
    built = await buildKernelSource(own, DEFAULT_PROFILE);
    client = new HarnessClient(built.executable);
  });
  afterAll(async () => {
    await client.stop();
    await built.dispose();
  });

  it("answers for a simple and for an interleaved extent", async () => {
    const { resolved } = await client.judge(one, {
      resolve: [
        [4096n, 8192n],
        [MIB2, 1n],
      ],
    });
    expect(resolved).toEqual([
      { rc: 0, mapped: 1, devindex: 0n, offset: MIB2 + 4096n, length: 8192n },
      { rc: 0, mapped: 0, devindex: 0n, offset: 0n, length: 0n },
    ]);
    const chunks = [0n, 1n, 2n, 3n].map((n) => [n * MIB2, 4n * MIB2] as const);
    const spread = await client.judge(striped, { resolve: chunks });
    expect(spread.resolved.map(({ offset, length }) => [offset, length])).toEqual([
      [0n, MIB2],
      [8n * MIB2, MIB2],
      [MIB2, MIB2],
      [9n * MIB2, MIB2],
    ]);
  });

  it("finds nothing in a file that was spoilt after it was opened", async () => {
    for (const scene of ["noTable", "sizeChanged", "daxCleared"] as const) {
      const { rc, resolved } = await client.judge(one, { scene, resolve: [[0n, 4096n]] });
      expect({ rc, mapped: resolved[0]?.mapped }, scene).toEqual({ rc: 0, mapped: 0 });
    }
  });

  it("is stopped where the kernel would be by a division by zero, and the next message is judged", async () => {
    const noChunk = interleavedMessage(MIB2, [{ chunkSize: 0, nbytes: MIB2, strips: [[0, 0n, MIB2]] }]);
    const { rc, resolved, seen } = await client.judge(noChunk, { resolve: [[0n, 4096n]] });
    expect(rc).toBe(0);
    expect(resolved[0]?.rc).toBe(OOPS);
    expect(seen.otherUb).toBe(1);
    expect((await client.sites())[seen.otherUbSite - 1]).toMatch(/^division-by-zero famfs\.c:\d+/);
    expect((await client.judge(one)).rc).toBe(0);
  });

  it.each([
    ["half a request", Buffer.from([9, 0, 0, 0, 1]), ""],
    ["no head", Buffer.from(Uint32Array.of(EXTENDED + 4, 0).buffer), "shorter than its head"],
    ["no questions", extendedFrame(one, {}).fill(255, 12, 16), "shorter than its questions"],
  ])("ends with status 2 at a request with %s", async (_name, request, complaint) => {
    const other = new HarnessClient(built.executable);
    const reply = other.exchange(request);
    expect(await other.stop()).toBe(2);
    expect(await reply).toBeUndefined();
    expect(other.complaints).toContain(complaint);
  });
});
