import { beforeEach, expect, it } from "vitest";
import { manifestFromJson } from "../../spec/index.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import { Lookups } from "./lookups.ts";
import { growTree, type TreeNode } from "./tree.ts";

const tree = growTree(manifestFromJson(DEFAULT_MANIFEST));
const [file, other] = tree.files as unknown as readonly [TreeNode, TreeNode];
let lookups: Lookups;
beforeEach(() => {
  lookups = new Lookups(tree);
});

it("a nodeid lives until as many lookups are forgotten as were made", () => {
  const nodeid = lookups.take(file);
  for (let i = 0; i < 4; i++) expect(lookups.take(file)).toBe(nodeid);
  lookups.forget(nodeid, 2n);
  lookups.forget(nodeid, 2n);
  expect(lookups.node(nodeid)).toBe(file);
  lookups.forget(nodeid, 1n);
  expect(lookups.knows(nodeid)).toBe(false);
  expect(() => lookups.node(nodeid)).toThrow("ESTALE");
});

it("a forgotten nodeid comes back for the same node, and for no other one", () => {
  const nodeid = lookups.take(file);
  lookups.forget(nodeid, 1n);
  expect(lookups.take(other)).not.toBe(nodeid);
  expect(lookups.take(file)).toBe(nodeid);
  expect(lookups.endings(nodeid)).toBe(1);
});

it("what was never looked up is not known, though it exists", () => {
  expect(() => lookups.node(file.ino)).toThrow("ENOENT");
  expect(() => lookups.node(1n << 63n)).toThrow("ENOENT");
});

it("the root is always known", () => {
  lookups.forget(1n, 1n << 63n);
  expect(lookups.node(1n)).toBe(tree.root);
});

it("forgetting what is not known, or too often, is harmless", () => {
  lookups.forget(file.ino, 1n);
  expect(lookups.endings(file.ino)).toBe(0);
  const nodeid = lookups.take(file);
  lookups.forget(nodeid, (1n << 64n) - 1n);
  expect(lookups.take(file)).toBe(nodeid);
  lookups.forget(nodeid, 1n);
  expect(lookups.knows(nodeid)).toBe(false);
});
