/** Faults of what a name stands for: its nodeid, its generation, its attributes, the target of a link. */

import {
  attrOut,
  dirent,
  entryOut,
  MODE,
  OPCODES,
  ROOT_NODEID,
  TWO_TO_63,
  U64_MAX,
} from "../../../spec/index.ts";
import { entryOf } from "../attributes.ts";
import type { Fault, Hooks } from "../fault.ts";
import { granted, refused } from "../reply.ts";
import type { Session } from "../session.ts";
import { type DirectoryNode, nameKey, type TreeNode } from "../tree.ts";
import { aSymlink, edited, firstThat, onBody, onReply, together } from "./hooking.ts";
import { onListing, onPieces } from "./listing.ts";

type Entry = ReturnType<typeof entryOut.read>;

/** More than sessions and all phases but one open of one file. */
const MOST_OPENS = 1000;
const PERMISSIONS = 0o777;

const isInner = (node: TreeNode): node is DirectoryNode =>
  node.kind === "directory" && node.ino !== ROOT_NODEID;
const aDirectory = ({ tree }: Session, what = "a directory", fits = (_: DirectoryNode) => true) =>
  firstThat([...tree.nodes.values()].filter(isInner), what, fits);
/** Changes LOOKUP's and READDIRPLUS's entries of one node, and with `attributes` what GETATTR gives of it. */
function onEntriesOf(
  { ino }: TreeNode,
  change: (entry: Pick<Entry, "mode" | "size" | "nodeid" | "generation" | "ino">) => Partial<Entry>,
): Hooks {
  const changed = (entry: Entry) => (entry.nodeid === ino ? change(entry) : {});
  return together(
    onListing(OPCODES.READDIRPLUS, entryOut, changed),
    onBody(OPCODES.LOOKUP, (body) => edited(entryOut, body, changed)),
  );
}

/** The node's name is another name of the other one. */
function standsFor(session: Session, node: TreeNode, other: TreeNode): Hooks {
  const { lookups } = session;
  const own = nameKey(node.name);
  const entry = () => {
    lookups.forget(node.ino, 1n);
    return entryOf(session, other);
  };
  return together(
    onPieces(({ bytes, name }, { request, head }) => {
      if (name !== own || request.nodeid !== node.parent.ino) return bytes;
      const piece = edited(dirent, bytes, () => ({ ino: other.ino }), head);
      if (head > 0) piece.set(entry());
      return piece;
    }),
    onBody(OPCODES.LOOKUP, (body) => (entryOut.read(body).nodeid === node.ino ? entry() : body)),
  );
}

/** Refuses every further one of so many for each nodeid. */
function runningOut(opcode: number): Hooks {
  const times = new Map<bigint, number>();
  return onReply(opcode, (reply, { nodeid }) => {
    if (reply.error !== 0) return reply;
    times.set(nodeid, (times.get(nodeid) ?? 0) + 1);
    return (times.get(nodeid) as number) > MOST_OPENS ? refused("ENFILE") : reply;
  });
}

const onTarget = (change: (target: Buffer) => Uint8Array): Hooks =>
  onBody(OPCODES.READLINK, (target) => change(Buffer.from(target)));

/** LOOKUP of a name that is not there, in a directory in which another name passes for it. */
const mistaking = (session: Session, passes: (asked: string, name: string) => boolean): Hooks =>
  onReply(OPCODES.LOOKUP, (reply, { nodeid, body }) => {
    if (reply.error !== refused("ENOENT").error || !session.lookups.knows(nodeid)) return reply;
    const directory = session.lookups.node(nodeid);
    const asked = nameKey(body.subarray(0, -1));
    if (directory.kind !== "directory") return reply;
    const found = directory.children.find((child) => passes(asked, nameKey(child.name)));
    return found === undefined ? reply : granted(entryOf(session, found));
  });

export const inodeFaults: readonly Fault[] = [
  {
    name: "mode-without-type",
    rule: "daemon/tree/attributes",
    sentence: "LOOKUP and READDIRPLUS give a symlink a mode without a file type.",
    plant: (s) => onEntriesOf(aSymlink(s), () => ({ mode: PERMISSIONS })),
  },
  {
    name: "size-above-2-63",
    rule: "daemon/tree/attributes",
    sentence: "LOOKUP and READDIRPLUS give a symlink a size of 2^63.",
    plant: (s) => onEntriesOf(aSymlink(s), () => ({ size: TWO_TO_63 })),
  },
  {
    name: "getattr-size-above-2-63",
    rule: "daemon/tree/attributes",
    sentence: "GETATTR gives a directory a size of 2^64 - 1.",
    plant(session) {
      const { ino } = aDirectory(session);
      return onBody(OPCODES.GETATTR, (body, { nodeid }) =>
        nodeid === ino ? edited(attrOut, body, () => ({ size: U64_MAX })) : body,
      );
    },
  },
  {
    name: "getattr-other-type",
    rule: "daemon/tree/lookup-getattr",
    sentence: "GETATTR says that symlinks are regular files.",
    plant: () =>
      onBody(OPCODES.GETATTR, (body) =>
        edited(attrOut, body, ({ mode }) => ({
          mode: (mode & MODE.typeMask) === MODE.symlink ? MODE.regular | PERMISSIONS : mode,
        })),
      ),
  },
  {
    name: "generation-counts-up",
    rule: "daemon/tree/identity",
    sentence: "Each LOOKUP of a name gives another generation.",
    plant() {
      let generation = 0n;
      return onBody(OPCODES.LOOKUP, (body) => edited(entryOut, body, () => ({ generation: ++generation })));
    },
  },
  {
    name: "directory-is-the-root",
    rule: "daemon/tree/no-loop",
    sentence: "A directory has the nodeid of the root.",
    plant: (s) =>
      standsFor(
        s,
        aDirectory(s, "an empty directory", (d) => d.children.length === 0),
        s.tree.root,
      ),
  },
  {
    name: "directory-is-its-parent",
    rule: "daemon/tree/no-loop",
    sentence: "A directory has the nodeid of the one that it lies in.",
    plant(session) {
      const inner = aDirectory(session, "a directory in a directory", (d) => d.parent.ino !== ROOT_NODEID);
      return standsFor(session, inner, inner.parent);
    },
  },
  {
    name: "directory-with-two-names",
    rule: "daemon/tree/one-directory",
    sentence: "Two names of the root are the same directory.",
    plant(session) {
      const one = aDirectory(session, "an empty directory", (d) => d.children.length === 0);
      const other = aDirectory(session, "two directories", (d) => d !== one && d.parent === one.parent);
      return standsFor(session, one, other);
    },
  },
  {
    name: "longer-name-found",
    rule: "daemon/tree/near-miss",
    sentence: "LOOKUP compares as many letters as the existing name has, so a longer one is found as well.",
    plant: (s) => mistaking(s, (asked, name) => asked.startsWith(name)),
  },
  {
    name: "shorter-name-found",
    rule: "daemon/tree/near-miss",
    sentence: "LOOKUP compares as many letters as it was asked for, so the begin of a name is found as well.",
    plant: (s) => mistaking(s, (asked, name) => name.startsWith(asked)),
  },
  {
    name: "first-letter-found",
    rule: "daemon/tree/near-miss",
    sentence: "LOOKUP does not compare the last letter of a name.",
    plant: (s) =>
      mistaking(s, (asked, name) => asked.length === name.length && asked.slice(0, -1) === name.slice(0, -1)),
  },
  {
    name: "readlink-empty",
    rule: "daemon/tree/readlink",
    sentence: "READLINK gives an empty target.",
    plant: () => onTarget(() => new Uint8Array()),
  },
  {
    name: "readlink-refused",
    rule: "daemon/tree/readlink",
    sentence: "READLINK gets EIO.",
    plant: () => onReply(OPCODES.READLINK, () => refused("EIO")),
  },
  {
    name: "readlink-with-nul-inside",
    rule: "daemon/tree/readlink",
    sentence: "The target that READLINK gives has a NUL for its second letter.",
    plant: () =>
      onTarget((target) => {
        target[1] = 0;
        return target;
      }),
  },
  {
    name: "readlink-too-long",
    rule: "daemon/tree/readlink",
    sentence: "READLINK gives a target of 4096 bytes.",
    plant: () => onTarget(() => Buffer.alloc(4096, "x")),
  },
  {
    name: "readlink-with-nul",
    rule: "daemon/tree/link-length",
    sentence: "READLINK counts the NUL behind the target in.",
    plant: () => onTarget((target) => Buffer.concat([target, Uint8Array.of(0)])),
  },
  {
    name: "opens-run-out",
    rule: "daemon/tree/open-many",
    sentence: `After ${MOST_OPENS} OPENs of a file every other one of it fails with ENFILE, whatever was released.`,
    plant: (s) => {
      firstThat(s.tree.files, "a file");
      return runningOut(OPCODES.OPEN);
    },
  },
  {
    name: "opendirs-run-out",
    rule: "daemon/tree/open-many",
    sentence: `After ${MOST_OPENS} OPENDIRs of a directory every other one of it fails with ENFILE, whatever was released.`,
    plant: () => runningOut(OPCODES.OPENDIR),
  },
];
