import { describe, expect, it } from "vitest";
import { resolve } from "../../../oracles/index.ts";
import { type DaxRange, DEFAULT_PROFILE, type Fmap } from "../../../spec/index.ts";
import { differences, segments } from "./intent.ts";

const range = (offset: bigint, length: bigint, devindex = 0n): DaxRange => ({ devindex, offset, length });
const head = { fileType: 0, devBitmap: 1n } as const;
const simple = (fileSize: bigint, ...extents: DaxRange[]): Fmap => ({
  ...head,
  fileSize,
  extType: "simple",
  extents,
});
const interleaved = (fileSize: bigint, chunkSize: bigint, ...strips: DaxRange[]): Fmap => ({
  ...head,
  fileSize,
  extType: "interleaved",
  extents: [{ chunkSize, nbytes: fileSize, strips }],
});

describe("the runs of a file", () => {
  it("joins extents that lie side by side", () => {
    expect(segments(simple(8n, range(0n, 4n), range(4n, 4n)))).toEqual([
      { fileOffset: 0n, length: 8n, devindex: 0n, offset: 0n },
    ]);
  });

  it("agrees with the resolver on every byte", () => {
    const map = interleaved(23n, 3n, range(100n, 12n), range(200n, 12n));
    const runs = segments(map) ?? [];
    for (let at = 0n; at < map.fileSize; at++) {
      const run = runs.find((r) => at >= r.fileOffset && at < r.fileOffset + r.length);
      const found = resolve(DEFAULT_PROFILE, map, at, 1n);
      expect(found).toMatchObject({
        kind: "mapped",
        offset: (run?.offset ?? 0n) + at - (run?.fileOffset ?? 0n),
      });
    }
  });

  it("gives up on a chunk size of zero", () => {
    expect(segments(interleaved(8n, 0n, range(0n, 8n)))).toBeNull();
  });
});

describe("what was meant against what is served", () => {
  const meant = simple(8n, range(0n, 4n), range(16n, 4n));

  it.each<[string, Fmap, string[]]>([
    ["the same in other extents", simple(8n, range(0n, 2n), range(2n, 2n), range(16n, 4n)), []],
    [
      "the second half elsewhere",
      simple(8n, range(0n, 4n), range(32n, 4n)),
      ["bytes 4 to 7 are at daxdev 0, offset 32; meant was daxdev 0, offset 16"],
    ],
    [
      "another device",
      simple(8n, range(0n, 4n, 1n), range(16n, 4n)),
      ["bytes 0 to 3 are at daxdev 1, offset 0; meant was daxdev 0, offset 0"],
    ],
    ["a shorter file", simple(6n, range(0n, 4n), range(16n, 4n)), ["the file is 6 bytes long, meant were 8"]],
    ["chunks of zero bytes", interleaved(8n, 0n, range(0n, 8n)), []],
  ])("%s", (_name, served, expected) => {
    expect(differences(meant, served)).toEqual(expected);
  });
});
