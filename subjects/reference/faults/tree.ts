import { attrOut, dirent, entryOut, MODE, OPCODES, ROOT_NODEID } from "../../../spec/index.ts";
import { entryOf } from "../attributes.ts";
import type { Fault } from "../fault.ts";
import { granted, refused } from "../reply.ts";
import { anyFile, edited, onBody, onNode, onReply } from "./hooking.ts";
import { onListing } from "./listing.ts";

/** Beyond the ino of any node. */
const FAR = 1n << 40n;
/** More than any one phase of the suite looks up of a small tree: only sessions find that they run out. */
const MOST_LOOKUPS = 250;
const DT_DIR = MODE.directory >> 12;
const DT_REG = MODE.regular >> 12;

export const treeFaults: readonly Fault[] = [
  {
    name: "root-is-a-file",
    rule: "daemon/tree/root",
    sentence: "GETATTR of the root says that it is a regular file.",
    plant: () =>
      onNode(OPCODES.GETATTR, ROOT_NODEID, ({ error, body }) => ({
        error,
        body: error === 0 ? edited(attrOut, body, () => ({ mode: MODE.regular | 0o755 })) : body,
      })),
  },
  {
    name: "getattr-other-ino",
    rule: "daemon/tree/same-ino",
    sentence: "GETATTR gives every node but the root another ino than LOOKUP.",
    plant: () =>
      onBody(OPCODES.GETATTR, (body, { nodeid }) =>
        nodeid === ROOT_NODEID ? body : edited(attrOut, body, ({ ino }) => ({ ino: ino + FAR })),
      ),
  },
  {
    name: "symlink-size-zero",
    rule: "daemon/tree/link-length",
    sentence: "LOOKUP of a symlink gives size 0, and GETATTR the length of its target.",
    plant: () =>
      onBody(OPCODES.LOOKUP, (body) =>
        edited(entryOut, body, ({ mode, size }) => ({
          size: (mode & MODE.typeMask) === MODE.symlink ? 0n : size,
        })),
      ),
  },
  {
    name: "lookup-size-ahead",
    rule: "daemon/tree/lookup-getattr",
    sentence: "LOOKUP gives every regular file one byte more than GETATTR and the map.",
    implies: ["daemon/fmap/file-size"],
    plant: () =>
      onBody(OPCODES.LOOKUP, (body) =>
        edited(entryOut, body, ({ mode, size }) => ({
          size: (mode & MODE.typeMask) === MODE.regular ? size + 1n : size,
        })),
      ),
  },
  {
    name: "listed-name-unknown",
    rule: "daemon/tree/listed-names",
    sentence: "The root lists the name `gone`, which LOOKUP does not know.",
    manifest: (m) => ({ ...m, symlinks: [...m.symlinks, { path: "/gone", target: "." }] }),
    plant: ({ tree }) => {
      tree.root.byName.delete("gone");
      return {};
    },
  },
  {
    name: "readdirplus-other-ino",
    rule: "daemon/tree/same-ino",
    sentence: "READDIRPLUS lists every name with another ino than the one in its attributes.",
    plant: () => onListing(OPCODES.READDIRPLUS, dirent, ({ ino }) => ({ ino: ino + FAR })),
  },
  {
    name: "readdirplus-other-attributes",
    rule: "daemon/tree/same-ino",
    sentence: "The attributes that READDIRPLUS gives to a name have another inode's ino.",
    plant: () =>
      onListing(OPCODES.READDIRPLUS, entryOut, ({ ino, nodeid }) => ({
        ino: nodeid === 0n ? ino : ino + FAR,
      })),
  },
  {
    name: "readdir-other-type",
    rule: "daemon/directory/type",
    sentence: "READDIR lists regular files as directories.",
    plant: () =>
      onListing(OPCODES.READDIR, dirent, ({ type }) => ({ type: type === DT_REG ? DT_DIR : type })),
  },
  {
    name: "unknown-name-found",
    rule: "daemon/tree/unknown-name",
    sentence: "LOOKUP of a name that does not exist finds some file.",
    plant(session) {
      const file = anyFile(session);
      const unknown = refused("ENOENT").error;
      return onReply(OPCODES.LOOKUP, (reply, { nodeid }) =>
        reply.error === unknown && session.lookups.knows(nodeid) ? granted(entryOf(session, file)) : reply,
      );
    },
  },
  {
    name: "dropped-at-first-forget",
    rule: "daemon/tree/lookup-count",
    sentence: "The first FORGET of a nodeid ends it, however many lookups are left.",
    plant: ({ lookups }) => ({
      reply(request, own) {
        if (request.opcode !== OPCODES.FORGET) return own();
        lookups.forget(request.nodeid, 1n << 64n);
        return null;
      },
    }),
  },
  {
    name: "batch-forget-drops",
    rule: "daemon/tree/lookup-count",
    sentence: "BATCH_FORGET takes two lookups back for each one that it names.",
    plant: () => ({
      reply(request, own) {
        if (request.opcode === OPCODES.BATCH_FORGET) own();
        return own();
      },
    }),
  },
  {
    name: "name-gone-after-forget",
    rule: "daemon/tree/lookup-count",
    sentence: "A regular file that was looked up and forgotten cannot be looked up again.",
    implies: ["daemon/fmap/stable-after-forget"],
    plant({ lookups, tree }) {
      /** By ino, how often the file had been forgotten when it was looked up first. */
      const first = new Map<bigint, number>();
      return onReply(OPCODES.LOOKUP, (reply) => {
        if (reply.error !== 0) return reply;
        const { nodeid } = entryOut.read(reply.body);
        const endings = lookups.endings(nodeid);
        if (tree.nodes.get(nodeid)?.kind !== "file" || endings === (first.get(nodeid) ?? endings)) {
          first.set(nodeid, endings);
          return reply;
        }
        lookups.forget(nodeid, 1n);
        return refused("ENOENT");
      });
    },
  },
  {
    name: "lookups-run-out",
    rule: "daemon/tree/lookup-count",
    sentence: `After ${MOST_LOOKUPS} LOOKUPs of files every other one fails with ENFILE, whatever was forgotten.`,
    plant({ tree }) {
      let lookups = 0;
      return onReply(OPCODES.LOOKUP, (reply) => {
        if (reply.error !== 0) return reply;
        if (tree.nodes.get(entryOut.read(reply.body).nodeid)?.kind !== "file") return reply;
        return ++lookups > MOST_LOOKUPS ? refused("ENFILE") : reply;
      });
    },
  },
  {
    name: "open-refused",
    rule: "daemon/tree/open",
    sentence: "OPEN of one file gets EACCES.",
    plant: (s) => onNode(OPCODES.OPEN, anyFile(s).ino, () => refused("EACCES")),
  },
  {
    name: "release-refused",
    rule: "daemon/tree/release",
    sentence: "RELEASE of one file gets EIO.",
    plant: (s) => onNode(OPCODES.RELEASE, anyFile(s).ino, () => refused("EIO")),
  },
  {
    name: "statfs-enosys",
    rule: "daemon/tree/statfs",
    sentence: "STATFS gets ENOSYS.",
    plant: () => onReply(OPCODES.STATFS, () => refused("ENOSYS")),
  },
];
