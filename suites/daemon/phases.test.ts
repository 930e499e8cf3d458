/** What the phases say of a daemon that answers otherwise than the reference daemon, which is behind all of it. */
import { describe, expect, it } from "vitest";
import {
  attrOut,
  type DaxRange,
  DEFAULT_PROFILE,
  dirent,
  ERRNO,
  entryOut,
  type Fmap,
  MODE,
  mapOf,
  OPCODES,
  ROOT_NODEID,
} from "../../spec/index.ts";
import type { Reply } from "../../subjects/daemon/reply.ts";
import { self } from "../../subjects/daemon/request.ts";
import { daxdevs } from "./checks/daxdevs.ts";
import { checkFilesApart, type ServedFile } from "./checks/map-checks.ts";
import { forgottenNodeids, lookupCounts, stability } from "./checks/stability.ts";
import { fetchAll, interrupts, notFiles, opens } from "./phases.ts";
import { Refinding } from "./refinding.ts";
import { altered, type Change, errnoReply, inProcess } from "./test/in-process.ts";
import { checkLinks } from "./tree/links.ts";
import { checkUnknownNames } from "./tree/near-misses.ts";
import { checkOpening } from "./tree/opening.ts";
import { checkSeeking } from "./tree/seeking.ts";
import { checkIdentity } from "./tree/steadiness.ts";
import { Tree } from "./tree/walk.ts";

const { getFmap, getDaxdev } = DEFAULT_PROFILE.opcodes;
const SILENT: Reply = { kind: "silent" };

/** Changes every answer to this opcode that is no error. */
const all =
  (opcode: number, change: (answer: Uint8Array, nodeid: bigint) => Reply | null): Change =>
  (request, answer) =>
    request.opcode === opcode && answer !== null ? change(answer, request.nodeid) : null;

/** Walks the tree and goes through all the phases; returns what failed, as `rule: detail`. */
async function failuresOf(change?: Change): Promise<string[]> {
  const { kernel, ledger } = inProcess(change);
  const tree = new Tree(kernel);
  await tree.walk();
  await checkUnknownNames(kernel, tree.nodes);
  await checkIdentity(kernel, tree.nodes);
  await checkLinks(kernel, tree.nodes);
  await checkSeeking(kernel, tree);
  const files = tree.nodes.filter((n) => n.kind === "file");
  await opens(kernel, files);
  await interrupts(kernel, tree.nodes);
  const served: ServedFile[] = [];
  await fetchAll(kernel, files, (_, fetched) => {
    if ("map" in fetched) served.push(fetched);
  });
  checkFilesApart(ledger, served);
  await daxdevs(kernel, served);
  await notFiles(kernel, tree.nodes);
  await stability(kernel, served);
  await lookupCounts(kernel, tree.nodes);
  expect(await checkOpening(kernel, tree.nodes)).toEqual([]);
  await forgottenNodeids(kernel, served);
  return ledger.failures.map((f) => `${f.rule}: ${f.detail}`);
}

it("nothing, where nothing is changed", async () => {
  expect(await failuresOf()).toEqual([]);
});

it("nothing of a daemon that does without OPEN, OPENDIR and RELEASE", async () => {
  const without = [OPCODES.OPEN, OPCODES.OPENDIR, OPCODES.RELEASE] as number[];
  expect(
    await failuresOf(({ opcode }) => (without.includes(opcode) ? errnoReply(ERRNO.ENOSYS) : null)),
  ).toEqual([]);
});

/** The interrupted GETATTR gets this errno: the third of the root, behind the walk's and the one before the INTERRUPT. */
function interruptedIs(errno: number): Change {
  let asked = 0;
  return ({ opcode, nodeid }) =>
    opcode === OPCODES.GETATTR && nodeid === ROOT_NODEID && ++asked === 3 ? errnoReply(errno) : null;
}

describe("what is wrong with", () => {
  /** The change, from the n-th time on (0 is the first). */
  const later = (change: Change, n: number): Change => {
    let times = 0;
    return (request, answer) => {
      const changed = change(request, answer);
      return changed !== null && times++ >= n ? changed : null;
    };
  };

  it.each<[string, Change, RegExp]>([
    [
      "the root",
      all(OPCODES.GETATTR, (a) => altered(attrOut, a, { mode: MODE.regular })),
      /daemon\/tree\/root: the root's mode is 0100000/,
    ],
    [
      "a root without attributes",
      all(OPCODES.GETATTR, () => errnoReply(ERRNO.EIO)),
      /daemon\/tree\/root: GETATTR of the root: EIO/,
    ],
    [
      "GETATTR of files",
      all(OPCODES.GETATTR, (_, id) => (id === ROOT_NODEID ? null : errnoReply(ERRNO.EIO))),
      /lookup-getattr: GETATTR: EIO/,
    ],
    ["STATFS", all(OPCODES.STATFS, () => errnoReply(ERRNO.EIO)), /daemon\/tree\/statfs: STATFS: EIO/],
    ["READDIR", all(OPCODES.READDIR, () => errnoReply(ERRNO.EIO)), /listed-names: READDIR: EIO/],
    ["READDIRPLUS", all(OPCODES.READDIRPLUS, () => errnoReply(ERRNO.EIO)), /listed-names: READDIRPLUS: EIO/],
    [
      "an empty READDIR",
      all(OPCODES.READDIR, () => ({ kind: "reply", error: 0, body: new Uint8Array() })),
      /listed-names: READDIRPLUS lists \d+ names, READDIR behind its first entry 0/,
    ],
    [
      "LOOKUP of what is listed",
      all(OPCODES.LOOKUP, () => errnoReply(ERRNO.ENOENT)),
      /listed-names: it is listed, and LOOKUP of it gives ENOENT/,
    ],
    [
      "the type of what is listed",
      all(OPCODES.LOOKUP, (a) => altered(entryOut, a, { mode: MODE.symlink })),
      /directory\/type: it is listed with type \d+, and LOOKUP gives type 10/,
    ],
    [
      "a device among the files",
      all(OPCODES.LOOKUP, (a) => altered(entryOut, a, { mode: 0o020000 })),
      /LOOKUP gives mode 020000/,
    ],
    ["OPEN", all(OPCODES.OPEN, () => errnoReply(ERRNO.EIO)), /daemon\/tree\/open: OPEN: EIO/],
    ["RELEASE", all(OPCODES.RELEASE, () => errnoReply(ERRNO.EIO)), /daemon\/tree\/release: RELEASE: EIO/],
    [
      "the second LOOKUP",
      later(
        all(OPCODES.LOOKUP, (a) => altered(entryOut, a, { nodeid: 5000n })),
        29,
      ),
      /lookup-count: a second LOOKUP: another nodeid/,
    ],
    [
      "the second LOOKUP, refused",
      later(
        all(OPCODES.LOOKUP, () => errnoReply(ERRNO.EIO)),
        29,
      ),
      /lookup-count: LOOKUP after FORGET: EIO/,
    ],
    [
      "GET_DAXDEV",
      all(getDaxdev as number, () => errnoReply(ERRNO.ENODEV)),
      /daxdev\/known: GET_DAXDEV of 0: ENODEV/,
    ],
    [
      "the second GET_DAXDEV",
      later(
        all(getDaxdev as number, () => errnoReply(ERRNO.ENODEV)),
        1,
      ),
      /daxdev\/stable: GET_DAXDEV of 0 was '\/dev\/dax0.0', and then ENODEV/,
    ],
    [
      "a silent GET_DAXDEV",
      all(getDaxdev as number, () => SILENT),
      /reply\/answered: no answer to GET_DAXDEV/,
    ],
    [
      "the second map",
      later(
        all(getFmap, () => errnoReply(ERRNO.EIO)),
        25,
      ),
      /stable-again: this time: EIO/,
    ],
    [
      "a request that was interrupted",
      interruptedIs(ERRNO.EIO),
      /life\/interrupt: the interrupted GETATTR has no proper answer/,
    ],
    [
      "a map where LOOKUP and GETATTR do not agree on the size",
      all(OPCODES.GETATTR, (a) => altered(attrOut, a, { size: 3n })),
      /lookup-getattr: LOOKUP gives size \d+, GETATTR 3/,
    ],
  ])("%s", async (_, change, expected) => {
    expect((await failuresOf(change)).join("\n")).toMatch(expected);
  });

  it("a request that was interrupted is nothing, if it says so", async () => {
    expect(await failuresOf(interruptedIs(ERRNO.EINTR))).toEqual([]);
  });
});

it("INTERRUPT is not to blame where GETATTR of the root fails without it", async () => {
  const refused = all(OPCODES.GETATTR, () => errnoReply(ERRNO.EIO));
  expect((await failuresOf(refused)).filter((f) => f.includes("life/interrupt"))).toEqual([]);
});

describe("a file that cannot be opened", () => {
  const closed = all(OPCODES.OPEN, () => errnoReply(ERRNO.EACCES));
  const { uid, gid } = self();
  const owned = (mode: number, ids: { readonly uid: number; readonly gid: number }): Change => {
    const files = [
      all(OPCODES.LOOKUP, (a) => changed(entryOut, a)),
      all(OPCODES.GETATTR, (a) => changed(attrOut, a)),
      closed,
    ];
    const changed = (struct: typeof entryOut | typeof attrOut, answer: Uint8Array): Reply | null => {
      const own = struct.read(answer);
      const regular = (own.mode & MODE.typeMask) === MODE.regular;
      return regular
        ? altered(struct as typeof attrOut, answer, { mode: MODE.regular | mode, ...ids })
        : null;
    };
    return (request, answer) => files.reduce<Reply | null>((r, f) => r ?? f(request, answer), null);
  };

  it.each<[string, number, { uid: number; gid: number }]>([
    ["its owner may not read", 0o244, { uid, gid }],
    ["its group may not read", 0o604, { uid: uid + 1, gid }],
    ["others may not read", 0o640, { uid: uid + 1, gid: gid + 1 }],
  ])("is no fault where %s it", async (_, mode, ids) => {
    const failures = await failuresOf(owned(mode, ids));
    expect(failures.filter((f) => f.startsWith("daemon/tree/open"))).toEqual([]);
  });

  it("is one where its mode lets us read it", async () => {
    const failures = await failuresOf(owned(0o400, { uid, gid }));
    expect(failures).toContainEqual("daemon/tree/open: OPEN: EACCES");
  });

  it("is no fault where its name has gone meanwhile", async () => {
    let gone = false;
    const failures = await failuresOf(({ opcode }) => {
      gone ||= opcode === OPCODES.OPEN;
      return gone && (opcode === OPCODES.OPEN || opcode === OPCODES.LOOKUP) ? errnoReply(ERRNO.ENOENT) : null;
    });
    expect(failures.filter((f) => f.startsWith("daemon/tree/open"))).toEqual([]);
  });
});

describe("a listing", () => {
  it("may leave types and nodeids open", async () => {
    const open: Change = all(OPCODES.READDIR, (page) => {
      const body = page.slice();
      for (let at = 0; at < body.length; ) {
        const d = dirent.read(body, at);
        dirent.write(body, at, { ...d, type: 0 });
        at += Math.ceil((dirent.size + d.namelen) / 8) * 8;
      }
      return { kind: "reply", error: 0, body };
    });
    expect(await failuresOf(open)).toEqual([]);
  });

  it("that is cut off, or stays where it is, ends", async () => {
    const cut: Change = all(OPCODES.READDIR, (page) => ({
      kind: "reply",
      error: 0,
      body: page.subarray(0, Math.max(0, page.length - 4)),
    }));
    expect((await failuresOf(cut)).join()).toMatch(
      /directory\/entries: READDIR: a page of 36 bytes has no whole entry/,
    );
    const stuck: Change = ({ opcode, body }, answer) => {
      if (opcode !== OPCODES.READDIR || answer === null || answer.length === 0) return null;
      const page = answer.slice(0, 32);
      const { namelen } = dirent.read(page);
      // `.`, at the very offset that was asked for.
      const off = new DataView(body.buffer, body.byteOffset).getBigUint64(8, true);
      if (namelen <= 8) dirent.write(page, 0, { ...dirent.read(page), off });
      return { kind: "reply", error: 0, body: page };
    };
    expect((await failuresOf(stuck)).length).toBeGreaterThan(0);
  });
});

it("a path is found again as far as it is there", async () => {
  const { kernel } = inProcess();
  const refinding = new Refinding(kernel);
  expect(await refinding.nodeid("/data/deep/er/beside")).not.toBeNull();
  expect(await refinding.nodeid("/data/deep/er/and/deeper")).not.toBeNull();
  expect(await refinding.nodeid("/data/none")).toBeNull();
  expect(await refinding.nodeid("/none/of/this")).toBeNull();
  expect(await refinding.parent("/data/whole")).toBe(await refinding.parent("/data/none"));
});

describe("bytes that two files share", () => {
  const range = (offset: bigint, length: bigint, devindex = 0n): DaxRange => ({ devindex, offset, length });
  const file = (path: string, ...extents: DaxRange[]) => ({
    node: {
      path,
      name: path,
      parent: 1n,
      nodeid: BigInt(path.charCodeAt(1)),
      generation: 0n,
      kind: "file" as const,
      mode: 0o100644,
      lookupSize: 0n,
      attrSize: 0n,
      otherPaths: [],
    },
    message: new Uint8Array(),
    map: mapOf(0, 8n, { extType: "simple", extents }) as Fmap,
  });

  it.each([
    ["none", [file("/a", range(0n, 4n)), file("/b", range(4n, 4n))], []],
    ["none on different daxdevs", [file("/a", range(0n, 4n, 1n)), file("/b", range(0n, 4n))], []],
    [
      "none where only one file overlaps itself",
      [file("/a", range(0n, 4n), range(2n, 1n), range(3n, 9n, 1n))],
      [],
    ],
    ["none where both are names of one nodeid", [file("/a", range(0n, 4n)), file("/a b", range(0n, 4n))], []],
    [
      "some",
      [file("/a", range(4n, 4n), range(0n, 6n)), file("/b", range(7n, 4n))],
      ["/a and /b share byte 7 of daxdev 0"],
    ],
  ])("%s", (_, files, expected) => {
    const { ledger } = inProcess();
    checkFilesApart(ledger, files);
    expect(ledger.failures.map((f) => f.detail)).toEqual(expected);
  });
});
