/** What a walk makes of trees that are sound and unusual, and of those without an end. */
import { describe, expect, it } from "vitest";
import { dirent, entryOut, OPCODES, ROOT_NODEID } from "../../../spec/index.ts";
import { altered, type Change, inProcess } from "../test/in-process.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { bytesOfName, textOfName } from "./name.ts";
import { nearMisses } from "./near-misses.ts";
import { parsePage } from "./page.ts";
import { Tree } from "./walk.ts";

async function walked(change?: Change, limits: Partial<Limits> = {}) {
  const { kernel, ledger } = inProcess(change);
  const tree = new Tree(kernel, { ...LIMITS, ...limits });
  await tree.walk();
  return { tree, failed: ledger.failures.map((f) => f.rule) };
}

describe("names", () => {
  it.each([
    ["plain", Buffer.from("plain")],
    ["ünïcode", Buffer.from("ünïcode")],
    ["a\udcff\udcc3", Buffer.from([0x61, 0xff, 0xc3])],
  ])("%j", (text, bytes) => {
    expect(textOfName(bytes)).toBe(text);
    expect(bytesOfName(text)).toEqual(bytes);
  });

  it("have near misses that are other names", () => {
    expect(nearMisses("one")).toEqual([["onq", "onz"], ["oneq"], ["on"]]);
    expect(nearMisses("q")).toEqual([["z", "A"], ["qz"]]);
    expect(nearMisses("..x")).toEqual([["..q", "..z"], ["..xq"], []]);
    expect(nearMisses("x".repeat(255))).toHaveLength(2);
  });
});

it("a page with a name that is no name is read on behind it", () => {
  const page = new Uint8Array(2 * (dirent.size + 8));
  for (const [i, name] of ["a/b", "c"].entries()) {
    const at = i * (dirent.size + 8);
    dirent.write(page, at, { ino: 5n, off: BigInt(i + 1), namelen: name.length, type: 8 });
    page.set(Buffer.from(name), at + dirent.size);
  }
  const { entries, faults, next } = parsePage(page, false);
  expect(entries.map((e) => e.name)).toEqual(["c"]);
  expect([faults.map((f) => f.rule), next]).toEqual([["daemon/directory/names"], 2n]);
  expect(parsePage(page.subarray(0, 20), false).faults.map((f) => f.rule)).toEqual([
    "daemon/directory/entries",
  ]);
});

it("a name that counts the NULs behind it is the name without them, and one of NULs alone is none", () => {
  const page = new Uint8Array(2 * (dirent.size + 8));
  for (const [i, name] of ["ab\0\0", "\0"].entries()) {
    const at = i * (dirent.size + 8);
    dirent.write(page, at, { ino: 5n, off: BigInt(i + 1), namelen: name.length, type: 8 });
    page.set(Buffer.from(name), at + dirent.size);
  }
  const { entries, faults } = parsePage(page, false);
  expect(entries.map((e) => [e.name, e.length])).toEqual([["ab", 2]]);
  expect(faults.map((f) => f.rule)).toEqual(["daemon/directory/name-end", "daemon/directory/names"]);
});

it("a whole walk has nothing left", async () => {
  const { tree, failed } = await walked();
  expect([tree.unchecked, failed, tree.nodes.length]).toEqual([[], [], 29]);
});

it.each<[Partial<Limits>, RegExp]>([
  [{ depth: 2 }, /more than 2 deep/],
  [{ nodes: 5 }, /more than 5 nodes/],
  [{ names: 4 }, /lists more than \d+ names \(limit of names\)/],
  [{ bytes: 300 }, /limit of bytes/],
])("a walk with the limits %j says what it left", async (limits, why) => {
  const { tree, failed } = await walked(undefined, limits);
  expect(tree.unchecked.map((u) => u.why).join()).toMatch(why);
  expect(failed).toEqual([]);
});

it("two names of one nodeid are one node", async () => {
  const entry = await entryOfName("32 extents");
  const { tree, failed } = await walked(({ opcode, nodeid: parent, body }, answer) =>
    opcode === OPCODES.LOOKUP && parent === ROOT_NODEID && Buffer.from(body).toString() === "link\0"
      ? { kind: "reply", error: 0, body: entry }
      : opcode === OPCODES.READDIRPLUS && answer !== null
        ? withoutNodeids(answer)
        : null,
  );
  expect(failed).toEqual(["daemon/directory/type"]);
  expect(tree.nodes.find((n) => n.path === "/32 extents")?.otherPaths).toEqual(["/link"]);
  expect(tree.nodes.some((n) => n.path === "/link")).toBe(false);
});

it("a size that changes meanwhile is no fault", async () => {
  let size = 1000n;
  const { failed } = await walked(({ opcode }, answer) =>
    opcode === OPCODES.LOOKUP && answer !== null && entryOut.read(answer).mode >> 12 === 8
      ? altered(entryOut, answer, { size: size++ })
      : null,
  );
  expect(failed).toEqual([]);
});

/** The answer to LOOKUP of a name of the root. */
async function entryOfName(name: string): Promise<Uint8Array> {
  const { kernel } = inProcess();
  const found = await kernel.ask(OPCODES.LOOKUP, ROOT_NODEID, Buffer.from(`${name}\0`));
  if (!("value" in found)) throw new Error(`there is no ${name}`);
  return found.value;
}

/** READDIRPLUS that gives names alone. */
function withoutNodeids(answer: Uint8Array) {
  const body = answer.slice();
  for (let at = 0; at < body.length; ) {
    const { namelen } = dirent.read(body, at + entryOut.size);
    body.fill(0, at, at + entryOut.size);
    at += entryOut.size + Math.ceil((dirent.size + namelen) / 8) * 8;
  }
  return { kind: "reply" as const, error: 0, body };
}
