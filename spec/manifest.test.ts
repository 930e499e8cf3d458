import { describe, expect, it } from "vitest";
import { type ManifestJson, manifestFromJson, manifestToJson, mapOf, rangesOf } from "./manifest.ts";

const json: ManifestJson = {
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: [
    { index: 0, name: "/dev/dax0.0", size: "1099511627776" },
    { index: 3, name: "/dev/dax3.0" },
  ],
  files: [
    {
      path: "/data/a",
      fileSize: "18446744073709551615",
      extents: [
        { devindex: "0", offset: "0", length: "4194304" },
        { devindex: "3", offset: "9007199254740993", length: "2097152" },
      ],
    },
    {
      path: "/log",
      fileSize: "1",
      fileType: 2,
      extents: [
        { chunkSize: "2097152", nbytes: "1", strips: [{ devindex: "3", offset: "0", length: "2097152" }] },
      ],
    },
  ],
  directories: ["/empty"],
  symlinks: [{ path: "/l", target: "data/a" }],
};

it("reads numbers as bigint and derives the devices that a map uses", () => {
  expect(manifestFromJson(json)).toEqual({
    daxdevs: [
      { index: 0, name: "/dev/dax0.0", size: 1n << 40n },
      { index: 3, name: "/dev/dax3.0", size: null },
    ],
    files: [
      {
        path: "/data/a",
        map: {
          fileType: 0,
          fileSize: (1n << 64n) - 1n,
          devBitmap: 0b1001n,
          extType: "simple",
          extents: [
            { devindex: 0n, offset: 0n, length: 4194304n },
            { devindex: 3n, offset: (1n << 53n) + 1n, length: 2097152n },
          ],
        },
      },
      {
        path: "/log",
        map: {
          fileType: 2,
          fileSize: 1n,
          devBitmap: 0b1000n,
          extType: "interleaved",
          extents: [
            { chunkSize: 2097152n, nbytes: 1n, strips: [{ devindex: 3n, offset: 0n, length: 2097152n }] },
          ],
        },
      },
    ],
    directories: ["/empty"],
    symlinks: [{ path: "/l", target: "data/a" }],
  });
});

it("writes what it read", () => {
  expect(manifestToJson(manifestFromJson(json))).toEqual(json);
  const { directories, symlinks, ...bare } = json;
  expect(manifestToJson(manifestFromJson(bare))).toEqual(bare);
});

describe("mapOf", () => {
  it("leaves devindices out of the bitmap that it has no bit for", () => {
    const extents = [63n, 64n].map((devindex) => ({ devindex, offset: 0n, length: 0n }));
    expect(mapOf(0, 0n, { extType: "simple", extents }).devBitmap).toBe(1n << 63n);
  });
});

it("rangesOf lists strips as extents, in the order of the message", () => {
  const ranges = [1n, 2n, 3n].map((offset) => ({ devindex: 0n, offset, length: 1n }));
  const [a, b, c] = ranges as [(typeof ranges)[0], (typeof ranges)[0], (typeof ranges)[0]];
  expect(rangesOf(mapOf(0, 0n, { extType: "simple", extents: ranges }))).toEqual(ranges);
  const extents = [
    { chunkSize: 1n, nbytes: 1n, strips: [a, b] },
    { chunkSize: 1n, nbytes: 1n, strips: [c] },
  ];
  expect(rangesOf(mapOf(0, 0n, { extType: "interleaved", extents }))).toEqual(ranges);
});
