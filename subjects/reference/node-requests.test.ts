import { describe, expect, it } from "vitest";
import {
  attrOut,
  type ErrnoName,
  entryOut,
  MODE,
  manifestFromJson,
  OPCODES,
  ROOT_NODEID,
  statfsOut,
} from "../../spec/index.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import { granted, refusal, WILD } from "./test/answers.ts";
import { agreed } from "./test/asking.ts";

const { files } = manifestFromJson(DEFAULT_MANIFEST);

describe("names and attributes", () => {
  it("LOOKUP and GETATTR tell the same of every file", () => {
    const asking = agreed();
    for (const { path, map } of files) {
      const nodeid = asking.find(path);
      const attr = attrOut.read(asking.getattr(nodeid).body);
      expect(attr).toMatchObject({ ino: nodeid, size: map.fileSize, mode: MODE.regular | 0o644, nlink: 1 });
      const parent = path.slice(0, path.lastIndexOf("/"));
      const entry = entryOut.read(asking.lookup(asking.find(parent), path.slice(parent.length + 1)).body);
      const { ino, size, mode, blocks } = attr;
      expect(entry).toMatchObject({ nodeid, generation: 0n, ino, size, mode, blocks });
    }
  });

  it("directories count their directories, symlinks the bytes of their target", () => {
    const asking = agreed();
    expect(attrOut.read(asking.getattr(ROOT_NODEID).body)).toMatchObject({ ino: 1n, nlink: 2 + 4 });
    const link = asking.find("/link");
    expect(attrOut.read(asking.getattr(link).body)).toMatchObject({ size: 10n, mode: MODE.symlink | 0o777 });
    expect(asking.ask(OPCODES.READLINK, link)).toEqual(granted("data/whole"));
  });

  it.each<[string, string | Uint8Array, ErrnoName]>([
    ["one that is not there", "nope\0", "ENOENT"],
    ["one that differs in case", "Data\0", "ENOENT"],
    ["the beginning of one", "dat\0", "ENOENT"],
    ["none", "\0", "EINVAL"],
    ["no bytes", "", "EINVAL"],
    ["one without a NUL", "data", "EINVAL"],
    ["one with a NUL in it", "data\0\0", "EINVAL"],
    ["a path", "data/whole\0", "EINVAL"],
    ["itself", ".\0", "EINVAL"],
    ["the parent", "..\0", "EINVAL"],
    ["255 bytes", `${"n".repeat(255)}\0`, "ENOENT"],
    ["256 bytes", `${"n".repeat(256)}\0`, "ENAMETOOLONG"],
    ["no UTF-8", Uint8Array.of(0xff, 0xfe, 0), "ENOENT"],
  ])("LOOKUP of %s", (_, name, errno) => {
    expect(agreed().ask(OPCODES.LOOKUP, ROOT_NODEID, Buffer.from(name as string))).toEqual(refusal(errno));
  });

  it("STATFS adds up the daxdevs", () => {
    const { blocks, bfree, files: count } = statfsOut.read(agreed().ask(OPCODES.STATFS, ROOT_NODEID).body);
    expect({ blocks, count }).toEqual({ blocks: 2n ** 40n / 4096n, count: 30n });
    expect(bfree).toBeLessThan(blocks);
    const unsized = { ...DEFAULT_MANIFEST, daxdevs: [{ index: 0, name: "/dev/dax0.0" }] };
    expect(statfsOut.read(agreed(null, unsized).ask(OPCODES.STATFS, ROOT_NODEID).body).bfree).toBe(0n);
  });
});

describe("lookups are counted", () => {
  it("and forgotten one by one, or many at once", () => {
    const asking = agreed();
    const [a, b] = [asking.find("/link"), asking.find("/data")];
    asking.find("/link");
    expect(asking.batchForget([a, b, WILD])).toEqual([]);
    expect(asking.getattr(a).error).toBe(0);
    expect(asking.getattr(b)).toEqual(refusal("ESTALE"));
    expect(asking.forget(a)).toEqual([]);
    expect(asking.getattr(a)).toEqual(refusal("ESTALE"));
    expect(asking.find("/link")).toBe(a);
  });

  it("and a count that lies is not believed at all", () => {
    const asking = agreed();
    const nodeid = asking.find("/link");
    expect(asking.batchForget([nodeid], 2)).toEqual([]);
    expect(asking.batchForget([nodeid], 0xffff_ffff)).toEqual([]);
    expect(asking.raw(OPCODES.BATCH_FORGET, 0n)).toEqual([]);
    expect(asking.raw(OPCODES.FORGET, nodeid, new Uint8Array(7))).toEqual([]);
    expect(asking.getattr(nodeid).error).toBe(0);
  });
});
