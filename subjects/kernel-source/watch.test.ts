import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { fmapHeader } from "../../spec/fmap.ts";
import { DEFAULT_PROFILE } from "../../spec/profiles/index.ts";
import { type BuiltParser, buildKernelSource } from "./build.ts";
import { OOPS } from "./observation.ts";
import { withEachCompiler } from "./test/compilers.ts";
import { HarnessClient, plainFrame } from "./test/harness-client.ts";

const hostile = join(PACKAGE_ROOT, "subjects/kernel-source/test/hostile");

/** A header whose file_type names the crime. */
function message(file_type: number): Uint8Array {
  const bytes = new Uint8Array(fmapHeader.size);
  const rest = {
    reserved: 0,
    fmap_version: 1,
    ext_type: 0,
    nextents: 1,
    reserved0: 0,
    file_size: 0n,
    reserved1: 0n,
  };
  fmapHeader.write(bytes, 0, { file_type, ...rest });
  return bytes;
}

const CRIMES = [
  { crime: 1, name: "a read past the end", rc: 0, asan: /^heap-buffer-overflow famfs\.c:\d+$/ },
  { crime: 2, name: "a memcpy past the end", rc: 0, asan: /^heap-buffer-overflow famfs\.c:\d+$/ },
  { crime: 3, name: "freed twice", rc: 0, asan: /^double-free famfs\.c:\d+$/ },
  { crime: 4, name: "the message freed", rc: 0, asan: /^bad-free famfs\.c:\d+$/ },
  {
    crime: 5,
    name: "a null pointer written through",
    rc: OOPS,
    asan: /^memory-fault famfs\.c:\d+$/,
    ub: /^null-or/,
  },
  { crime: 6, name: "a wild pointer", rc: OOPS, asan: /^memory-fault famfs\.c:\d+$/ },
  { crime: 7, name: "BUG()", rc: OOPS, ub: /^BUG famfs\.c:\d+$/ },
  { crime: 8, name: "a kernel warning", rc: -5, ub: /^warning famfs\.c:\d+$/ },
  { crime: 9, name: "a use after free", rc: -22, asan: /^heap-use-after-free famfs\.c:\d+$/ },
  { crime: 10, name: "a signed overflow", rc: 0, ub: /^add-overflow famfs\.c:\d+:\d+$/ },
  { crime: 11, name: "a loop without end", rc: OOPS, asan: /^heap-buffer-overflow famfs\.c:\d+$/ },
  { crime: 12, name: "a division by zero", rc: OOPS, ub: /^division-by-zero famfs\.c:\d+:\d+$/ },
  {
    crime: 13,
    name: "a touched ZERO_SIZE_PTR",
    rc: OOPS,
    asan: /^memory-fault famfs\.c:(?:\d+|famfs_\w+)$/,
  },
  { crime: 14, name: "allocations over the limits, which fail", rc: 0 },
  { crime: 15, name: "a list that is no allocation", rc: 0 },
  { crime: 16, name: "a write past the end", rc: OOPS, asan: /^heap-buffer-overflow famfs\.c:\d+$/ },
];

withEachCompiler("a hostile parser", (cc) => {
  let built: BuiltParser;
  let client: HarnessClient;
  beforeAll(async () => {
    built = await buildKernelSource(hostile, DEFAULT_PROFILE, { cc });
    client = new HarnessClient(built.executable);
  });
  afterAll(async () => {
    expect(await client.stop()).toBe(0);
    await built.dispose();
  });

  it.each(CRIMES)("is watched: $name", async ({ crime, rc, asan, ub }) => {
    for (const round of ["first", "again"]) {
      const reply = await client.judge(message(crime));
      const sites = await client.sites();
      expect(reply.rc, round).toBe(rc);
      const { asanSite, otherUbSite } = reply.seen;
      if (asan) expect(sites[asanSite - 1]).toMatch(asan);
      else expect(reply.seen.asan).toBe(0);
      if (ub) expect(sites[otherUbSite - 1]).toMatch(ub);
      else expect(reply.seen.otherUb).toBe(0);
    }
  });

  it("is known for a freed map and a lock that it never took", async () => {
    expect((await client.judge(message(8))).seen.lockDepth).toBe(0xffff_ffff);
    expect((await client.judge(message(3))).seen).toMatchObject({ mapState: 1, dangling: 1, leaked: 0 });
  });

  it("shows one item more than a list has room for when its count is wrong", async () => {
    expect((await client.judge(message(15))).map?.items).toEqual([{ dev: 0n, offset: 0n, length: 0n }]);
  });

  it("takes the program with it when it destroys malloc's books, and one knows at which message", async () => {
    const other = new HarnessClient(built.executable);
    const first = await other.exchange(Buffer.concat([0, 17, 0].map((crime) => plainFrame(message(crime)))));
    expect(first?.readInt32LE()).toBe(0);
    expect(await other.exchange(new Uint8Array())).toBeUndefined();
    expect(await other.stop()).not.toBe(0);
  });

  it("keeps a site once, however often it is met", async () => {
    const before = await client.sites();
    for (const { crime } of CRIMES) await client.judge(message(crime));
    expect(await client.sites()).toEqual(before);
  });
});
