import { describe, expect, it } from "vitest";
import type { ManifestFileJson, ManifestJson } from "./manifest.ts";
import { manifestProblems } from "./manifest-problems.ts";

const range = { devindex: "0", offset: "0", length: "2097152" };
const file = (path: string, more: Partial<ManifestFileJson> = {}): ManifestFileJson => ({
  path,
  fileSize: "1",
  extents: [range],
  ...more,
});
const manifest = (more: Partial<ManifestJson>): ManifestJson => ({
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: [{ index: 0, name: "/dev/dax0.0" }],
  files: [],
  ...more,
});
const problems = (more: Partial<ManifestJson>) => manifestProblems(manifest(more));

describe("nothing is wrong with", () => {
  it.each<[string, Partial<ManifestJson>]>([
    ["an empty manifest", { daxdevs: [] }],
    ["a file at the root", { files: [file("/a")] }],
    ["files in one folder, which is named too", { files: [file("/d/a"), file("/d/b")], directories: ["/d"] }],
    ["names that begin as another one", { files: [file("/a"), file("/ab"), file("/a.b/c")] }],
    ["the longest name", { files: [file(`/${"n".repeat(255)}`)] }],
    ["the longest target", { symlinks: [{ path: "/l", target: "t".repeat(4095) }] }],
    ["the longest daxdev's name", { daxdevs: [{ index: 0, name: `/${"n".repeat(254)}` }] }],
    ["dots in a name", { files: [file("/..."), file("/.a"), file("/a..")] }],
    ["a symlink to anywhere", { symlinks: [{ path: "/l", target: "/no/such/../thing" }] }],
  ])("%s", (_, more) => {
    expect(problems(more)).toEqual([]);
  });
});

describe("paths", () => {
  it.each<[string, string]>([
    ["a", `/files/0/path: "a" is not absolute`],
    ["", `/files/0/path: "" is not absolute`],
    ["/", "/files/0/path: the root is always there, and always a directory"],
    ["/a/", `/files/0/path: "/a/" is not normal: it has the part ''`],
    ["//a", `/files/0/path: "//a" is not normal: it has the part ''`],
    ["/a/./b", `/files/0/path: "/a/./b" is not normal: it has the part '.'`],
    ["/a/../b", `/files/0/path: "/a/../b" is not normal: it has the part '..'`],
    ["/a\0b", `/files/0/path: "/a\\u0000b" holds a NUL`],
    ["/a\ud800", `/files/0/path: "/a\\ud800" holds half a surrogate pair, which UTF-8 cannot say`],
  ])("%j", (path, problem) => {
    expect(problems({ files: [file(path)] })).toEqual([problem]);
  });

  it("a name has at most 255 bytes, however many characters", () => {
    const [problem] = problems({ files: [file(`/d/${"ü".repeat(128)}`)] });
    expect(problem).toMatch(/has a name of 256 bytes, more than the 255 that fit$/);
  });

  it("are judged in every list", () => {
    expect(problems({ directories: ["a"], symlinks: [{ path: "b", target: "x" }] })).toEqual([
      `/directories/0: "a" is not absolute`,
      `/symlinks/0/path: "b" is not absolute`,
    ]);
  });
});

describe("names that are taken", () => {
  it("by a file of the same path", () => {
    expect(problems({ files: [file("/a"), file("/b"), file("/a")] })).toEqual([
      "/files/2/path: '/a' is taken by the file of /files/0/path",
    ]);
  });

  it("by something of another kind", () => {
    const more = { files: [file("/a")], directories: ["/a", "/d"], symlinks: [{ path: "/d", target: "a" }] };
    expect(problems(more)).toEqual([
      "/directories/0: '/a' is taken by the file of /files/0/path",
      "/symlinks/0/path: '/d' is taken by the directory of /directories/1",
    ]);
  });

  it("by a folder that a file is in", () => {
    expect(problems({ files: [file("/a/b"), file("/a")] })).toEqual([
      "/files/0/path: its parent '/a' is the file of /files/1/path, not a directory",
    ]);
  });

  it("however far above, and once for each", () => {
    const more = {
      files: [file("/l/x/y/z"), file("/l/x/y"), file("/l/x/w")],
      symlinks: [{ path: "/l", target: "." }],
    };
    expect(problems(more)).toEqual([
      "/files/0/path: its parent '/l/x/y' is the file of /files/1/path, not a directory",
      "/files/0/path: its parent '/l' is the symlink of /symlinks/0/path, not a directory",
    ]);
  });
});

describe("symlinks", () => {
  it.each<[string, string]>([
    ["", "/symlinks/0/target: a symlink points somewhere"],
    ["a\0", `/symlinks/0/target: "a\\u0000" holds a NUL`],
    ["x".repeat(4096), "/symlinks/0/target: 4096 bytes are more than the 4095 that fit"],
  ])("to %j", (target, problem) => {
    expect(problems({ symlinks: [{ path: "/l", target }] })).toEqual([problem]);
  });
});

describe("daxdevs", () => {
  const device = (name: string, index = 0) => ({ index, name });

  it.each<[string, string[]]>([
    ["dax0.0", [`/daxdevs/0/name: "dax0.0" is not absolute`]],
    ["/dev/\0", [`/daxdevs/0/name: "/dev/\\u0000" holds a NUL`]],
    [`/${"x".repeat(255)}`, ["/daxdevs/0/name: 256 bytes are more than the 255 that fit"]],
  ])("%j", (name, expected) => {
    expect(problems({ daxdevs: [device(name)] })).toEqual(expected);
  });

  it("have an index of their own", () => {
    expect(problems({ daxdevs: [device("/a"), device("/b", 1), device("/c")] })).toEqual([
      "/daxdevs/2/index: 0 is taken by /daxdevs/0",
    ]);
  });
});

describe("extents", () => {
  const striped = { chunkSize: "2097152", nbytes: "1", strips: [range] };

  it("are of one kind in a file", () => {
    expect(problems({ files: [file("/a", { extents: [range, striped] })] })).toEqual([
      "/files/0/extents/1: a file has simple or interleaved extents, and /files/0/extents/0 is simple",
    ]);
    expect(problems({ files: [file("/a", { extents: [striped, range] })] })).toEqual([
      "/files/0/extents/1: a file has simple or interleaved extents, and /files/0/extents/0 is interleaved",
    ]);
  });

  it("lie on a daxdev of the manifest", () => {
    const other = { ...range, devindex: "7" };
    const extents = [{ ...striped, strips: [range, other] }];
    expect(problems({ files: [file("/a", { extents: [other] }), file("/b", { extents })] })).toEqual([
      "/files/0/extents/0/devindex: there is no daxdev 7 in /daxdevs",
      "/files/1/extents/0/strips/1/devindex: there is no daxdev 7 in /daxdevs",
    ]);
  });

  it("have a chunk size that fits the wire", () => {
    const extents = (chunkSize: string) => [{ ...striped, chunkSize }];
    expect(problems({ files: [file("/a", { extents: extents("4294967295") })] })).toEqual([]);
    expect(problems({ files: [file("/a", { extents: extents("4294967296") })] })).toEqual([
      "/files/0/extents/0/chunkSize: 4294967296 does not fit the 32 bits that it has on the wire",
    ]);
  });
});

it("tells everything at once, and needs no quadratic time for a large tree", () => {
  const files = Array.from({ length: 100_000 }, (_, i) => file(`/d${i % 300}/deep/er/f${i}`));
  expect(problems({ files: [...files, file("/d0"), file("x")] })).toEqual([
    `/files/100001/path: "x" is not absolute`,
    "/files/0/path: its parent '/d0' is the file of /files/100000/path, not a directory",
  ]);
});
