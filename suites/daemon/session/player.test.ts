import { describe, expect, it } from "vitest";
import {
  attrOut,
  DEFAULT_PROFILE,
  ERRNO,
  encodeFmap,
  entryOut,
  MODE,
  manifestFromJson,
  OPCODES,
  ROOT_NODEID,
} from "../../../spec/index.ts";
import { DEFAULT_MANIFEST } from "../../../subjects/reference/default-manifest.ts";
import { altered, type Change, errnoReply, inProcess } from "../test/in-process.ts";
import type { Act } from "./acts.ts";
import { Player } from "./player.ts";

const FILES = manifestFromJson(DEFAULT_MANIFEST)
  .files.filter((f) => ["/data/whole", "/data/byte", "/32 extents"].includes(f.path))
  .map(({ path, map }) => ({ path, size: map.fileSize, fmap: encodeFmap(map) }));
const GET_FMAP = DEFAULT_PROFILE.opcodes.getFmap;

const A = "/data/whole";
const B = "/data/byte";
const on = (
  kind: "lookup" | "forget" | "forgetAll" | "getattr" | "open" | "release" | "getFmap",
  path = A,
): Act => ({
  kind,
  path,
});
const together = (...paths: string[]): Act => ({ kind: "together", paths });

/** Plays on the reference daemon, with some of its answers changed. */
async function played(acts: readonly Act[], change?: Change) {
  const { connection, daemon } = inProcess(change);
  const { fault } = await new Player(connection, DEFAULT_PROFILE, FILES).acts(acts);
  return { fault, daemon };
}

/** Changes the n-th answer (from 1) to this opcode. */
const nth = (opcode: number, n: number, change: (answer: Uint8Array) => ReturnType<Change>): Change => {
  let seen = 0;
  return (request, answer) =>
    request.opcode === opcode && answer !== null && ++seen === n ? change(answer) : null;
};
const from = (opcode: number, n: number, change: (answer: Uint8Array) => ReturnType<Change>): Change => {
  let seen = 0;
  return (request, answer) =>
    request.opcode === opcode && answer !== null && ++seen >= n ? change(answer) : null;
};
/** LOOKUPs of `/data` come first. */
const FIRST_FILE = 2;
const other = (answer: Uint8Array) =>
  altered(entryOut, answer, { nodeid: entryOut.read(answer).nodeid + 77n });

describe("a session with a daemon that does everything right", () => {
  it("has no fault, and gives everything back", async () => {
    const acts = [
      ...[on("lookup"), on("lookup"), on("getattr"), on("open"), on("open"), on("getFmap"), on("release")],
      ...[on("lookup", B), together(A, B, A), on("forget", B), on("lookup", "/32 extents")],
      ...[{ kind: "end" } as const, on("lookup"), on("lookup"), on("lookup"), on("forget"), on("forgetAll")],
    ];
    const { fault, daemon } = await played(acts);
    expect(fault).toBeNull();
    const { tree, lookups } = daemon.session;
    for (const { ino } of tree.files) expect(lookups.knows(ino)).toBe(false);
  });

  it("takes two names of one nodeid for one file", async () => {
    const [first] = FILES.filter((f) => f.path === A);
    const link = { ...(first as (typeof FILES)[number]), path: "/data/second name" };
    let entry = new Uint8Array();
    const { connection } = inProcess(({ opcode, body }, answer) => {
      const name = opcode === OPCODES.LOOKUP ? Buffer.from(body).toString() : "";
      if (name === "whole\0" && answer !== null) entry = Uint8Array.from(answer);
      return name === "second name\0" ? { kind: "reply", error: 0, body: entry } : null;
    });
    const { fault } = await new Player(connection, DEFAULT_PROFILE, [...FILES, link]).acts([
      ...[on("lookup"), on("lookup", link.path), on("getattr", link.path), on("getFmap", link.path)],
      ...[on("open", link.path), on("getattr", link.path), together(A, link.path)],
    ]);
    expect(fault).toBeNull();
  });

  it("does without OPEN where the daemon has none", async () => {
    const change: Change = ({ opcode }) => (opcode === OPCODES.OPEN ? errnoReply(ERRNO.ENOSYS) : null);
    expect((await played([on("lookup"), on("open"), on("release"), on("getFmap")], change)).fault).toBeNull();
  });
});

describe("a session finds that", () => {
  it.each<[string, Act[], Change, string, RegExp]>([
    [
      "a folder is gone",
      [on("lookup")],
      nth(OPCODES.LOOKUP, 1, () => errnoReply(ERRNO.ENOENT)),
      "daemon/tree/lookup-count",
      /^the folder of \/data\/whole cannot be looked up$/,
    ],
    [
      "a file is gone",
      [on("lookup")],
      nth(OPCODES.LOOKUP, FIRST_FILE, () => errnoReply(ERRNO.ENOENT)),
      "daemon/tree/lookup-count",
      /^LOOKUP of \/data\/whole: ENOENT$/,
    ],
    [
      "a nodeid changes while it is held",
      [on("lookup"), on("lookup")],
      nth(OPCODES.LOOKUP, FIRST_FILE + 1, other),
      "daemon/tree/lookup-count",
      /^\/data\/whole was nodeid \d+, and is \d+ while it is still looked up$/,
    ],
    [
      "two files have one nodeid",
      [on("lookup"), on("lookup", B)],
      from(OPCODES.LOOKUP, FIRST_FILE, (answer) => altered(entryOut, answer, { nodeid: 77n })),
      "daemon/tree/lookup-count",
      /^\/data\/byte and \/data\/whole have the same nodeid and are different files$/,
    ],
    [
      "a file becomes a directory",
      [on("lookup")],
      nth(OPCODES.LOOKUP, FIRST_FILE, (answer) => altered(entryOut, answer, { mode: MODE.directory })),
      "daemon/tree/lookup-getattr",
      /^\/data\/whole is no regular file any more$/,
    ],
    [
      "a file's size changes",
      [on("lookup"), on("lookup")],
      nth(OPCODES.LOOKUP, FIRST_FILE + 1, (answer) => altered(entryOut, answer, { size: 7n })),
      "daemon/tree/lookup-getattr",
      /^LOOKUP of \/data\/whole says 7 bytes, LOOKUP said 4194304 before$/,
    ],
    [
      "GETATTR tells another size",
      [on("lookup"), on("getattr")],
      nth(OPCODES.GETATTR, 1, (answer) => altered(attrOut, answer, { size: 7n })),
      "daemon/tree/lookup-getattr",
      /^GETATTR of \/data\/whole says 7 bytes/,
    ],
    [
      "a nodeid is not known any more",
      [on("lookup"), on("lookup"), on("forget"), on("getattr")],
      nth(OPCODES.GETATTR, 1, () => errnoReply(ERRNO.ESTALE)),
      "daemon/tree/lookup-count",
      /^GETATTR of \/data\/whole, looked up 1 times: ESTALE$/,
    ],
    [
      "a file cannot be opened",
      [on("lookup"), on("open")],
      nth(OPCODES.OPEN, 1, () => errnoReply(ERRNO.EIO)),
      "daemon/tree/open",
      /^OPEN of \/data\/whole: EIO$/,
    ],
    [
      "there is no map any more",
      [on("lookup"), on("getFmap")],
      nth(GET_FMAP, 1, () => errnoReply(ERRNO.ENODATA)),
      "daemon/fmap/stable-again",
      /^GET_FMAP of \/data\/whole: ENODATA$/,
    ],
    [
      "in company a file has another map",
      [on("lookup"), on("lookup", B), together(A, B)],
      nth(GET_FMAP, 2, () => ({ kind: "reply", error: 0, body: new Uint8Array(56) })),
      "daemon/fmap/stable-concurrent",
      /^GET_FMAP of \/data\/byte: another map$/,
    ],
    [
      "a file has another map, in company and alone",
      [on("lookup"), on("lookup", B), together(A, B)],
      from(GET_FMAP, 2, () => ({ kind: "reply", error: 0, body: new Uint8Array(56) })),
      "daemon/fmap/stable-again",
      /^GET_FMAP of \/data\/byte: another map$/,
    ],
    [
      "an answer has the wrong size",
      [on("lookup"), on("getattr")],
      nth(OPCODES.GETATTR, 1, () => ({ kind: "reply", error: 0, body: new Uint8Array(7) })),
      "daemon/reply/body-size",
      /^GETATTR is answered with 7 bytes, fuse_attr_out has \d+$/,
    ],
    [
      "there is no answer",
      [on("lookup"), on("getFmap")],
      nth(GET_FMAP, 1, () => ({ kind: "silent" })),
      "daemon/reply/answered",
      /^no answer to GET_FMAP of nodeid \d+$/,
    ],
    [
      "the daemon is gone",
      [on("lookup"), on("open"), on("getattr")],
      nth(OPCODES.GETATTR, 1, () => ({ kind: "gone", how: "it was killed by SIGSEGV" })),
      "daemon/life/stays",
      /^at GETATTR of \/data\/whole: it was killed by SIGSEGV$/,
    ],
  ])("%s", async (_, acts, change, rule, detail) => {
    expect((await played(acts, change)).fault).toEqual({ rule, detail: expect.stringMatching(detail) });
  });

  it("a reply was one that no kernel takes, before all that follows from it", async () => {
    const { connection, faults } = inProcess(
      nth(GET_FMAP, 1, () => {
        const fault = { rule: "daemon/reply/error-range", detail: "the header's error is 5" } as const;
        faults.push(fault);
        return { kind: "refused", fault };
      }),
    );
    const { fault } = await new Player(connection, DEFAULT_PROFILE, FILES).acts([
      on("lookup"),
      on("getFmap"),
    ]);
    expect(fault).toEqual({ rule: "daemon/reply/error-range", detail: "the header's error is 5" });
  });
});

it("acts that no kernel does are not played", async () => {
  await expect(played([on("getattr")])).rejects.toThrow(/no kernel does that at this point/);
  await expect(played([together(A, "/none")])).rejects.toThrow(/the session has no file \/none/);
});

it("the root is asked last, as a fence", async () => {
  const asked: bigint[] = [];
  await played([on("lookup"), on("open")], ({ opcode, nodeid }) => {
    if (opcode === OPCODES.GETATTR) asked.push(nodeid);
    return null;
  });
  expect(asked).toEqual([ROOT_NODEID]);
});
