import { expect, it } from "vitest";
import { type ManifestJson, manifestFromJson } from "../../spec/index.ts";
import { growTree, nameKey } from "./tree.ts";

const extents = [{ devindex: "0", offset: "0", length: "2097152" }];
const json: ManifestJson = {
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: [],
  files: ["/a/b/c", "/d", "/a/e", "/ü"].map((path) => ({ path, fileSize: "1", extents })),
  directories: ["/a/b", "/x/y"],
  symlinks: [{ path: "/a/l", target: "ü" }],
};

it("numbers nodes in the order of the manifest, folders on the way", () => {
  const { nodes, root } = growTree(manifestFromJson(json));
  expect([...nodes.values()].map((n) => `${n.ino} ${n.kind} ${n.path}`)).toEqual([
    "1 directory /",
    "2 directory /a",
    "3 directory /a/b",
    "4 file /a/b/c",
    "5 file /d",
    "6 file /a/e",
    "7 file /ü",
    "8 symlink /a/l",
    "9 directory /x",
    "10 directory /x/y",
  ]);
  expect(root.parent).toBe(root);
  expect(root.subdirectories).toBe(2);
  expect(root.children.map((c) => c.path)).toEqual(["/a", "/d", "/ü", "/x"]);
});

it("finds children by the bytes of their names", () => {
  const { root } = growTree(manifestFromJson(json));
  expect(root.byName.get(nameKey(Buffer.from("c3bc", "hex")))?.path).toBe("/ü");
  expect(root.byName.get(nameKey(Buffer.from("75cc88", "hex")))).toBeUndefined();
});

it("grows a hundred thousand files in no time", () => {
  const files = Array.from({ length: 100_000 }, (_, i) => ({
    path: `/d${i % 100}/f${i}`,
    fileSize: "1",
    extents,
  }));
  const began = performance.now();
  expect(growTree(manifestFromJson({ ...json, files })).nodes.size).toBeGreaterThan(100_000);
  expect(performance.now() - began).toBeLessThan(5000);
});
