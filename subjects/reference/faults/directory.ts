/** Faults of the pages of READDIR and READDIRPLUS. */

import {
  bytesOf,
  dirent,
  entryOut,
  OPCODES,
  openOut,
  ROOT_NODEID,
  readIn,
  releaseIn,
  statfsOut,
} from "../../../spec/index.ts";
import { entryOf } from "../attributes.ts";
import { padded } from "../directory-requests.ts";
import type { Fault, Hooks } from "../fault.ts";
import { granted } from "../reply.ts";
import { bodyOf } from "../request.ts";
import type { Session } from "../session.ts";
import type { TreeNode } from "../tree.ts";
import { afterReply, aSymlink, edited, onBody } from "./hooking.ts";
import {
  type Asked,
  isListing,
  onDirents,
  onListing,
  onPages,
  onPieces,
  type Piece,
  renamed,
} from "./listing.ts";

const nameOf = ({ name }: TreeNode) => Buffer.from(name).toString("latin1");

const together = (pieces: readonly Piece[]) => Buffer.concat(pieces.map((p) => p.bytes));

/** Lists a symlink by another name. */
const renaming = (session: Session, change: (name: Buffer) => Buffer): Hooks => {
  const link = nameOf(aSymlink(session));
  return onPieces((p, { head }) =>
    p.name === link ? renamed(p, change(Buffer.from(link, "latin1")), head) : p.bytes,
  );
};

/** READDIR from one entry further on, but from the begin. */
const skipping: Hooks = {
  reply(request, own) {
    if (!isListing(request)) return own();
    const asked = bodyOf(request, readIn);
    if (asked.offset === 0n) return own();
    return own({ ...request, body: bytesOf(readIn, { ...asked, offset: asked.offset + 1n }) });
  },
};

/** Bytes of the largest page that the daemon makes. */
const MOST = 128 << 10;
const LONG_NAME = "y".repeat(300);
/** Bytes that are more than any page has. */
const BEYOND = 1000;
/** Bytes of the name of a file that is made up, and room for it. */
const MADE_UP = padded(dirent.size + 24);

/** A page of names that are made up, each of them the symlink's. */
function madeUp(session: Session, { offset, size, head }: Asked): Uint8Array {
  const node = aSymlink(session);
  const pieces: Uint8Array[] = [];
  for (let off = offset + 1n, left = size; left >= head + MADE_UP; off++) {
    const name = Buffer.from(`more-${off}`);
    const piece = new Uint8Array(padded(head + dirent.size + name.length));
    if (head > 0) piece.set(entryOf(session, node));
    dirent.write(piece, head, { ino: node.ino, off, namelen: name.length, type: 10 });
    piece.set(name, head + dirent.size);
    pieces.push(piece);
    left -= piece.length;
  }
  return Buffer.concat(pieces);
}

/** Beyond the nodeid of any node. */
const FAR = 1n << 40n;
/** Changes the entries of READDIRPLUS that have a nodeid. */
const onEntries = (
  nodes: ReadonlyMap<bigint, TreeNode>,
  change: (
    node: TreeNode,
    entry: ReturnType<typeof entryOut.read>,
  ) => Partial<ReturnType<typeof entryOut.read>>,
): Hooks =>
  onListing(OPCODES.READDIRPLUS, entryOut, (entry) => {
    const node = nodes.get(entry.nodeid);
    return node === undefined ? {} : change(node, entry);
  });

export const directoryFaults: readonly Fault[] = [
  {
    name: "dirent-off-zero",
    rule: "daemon/directory/offsets",
    sentence: "The offset of every entry is 0.",
    plant: () => onDirents(() => ({ off: 0n })),
  },
  {
    name: "dirent-off-own",
    rule: "daemon/directory/offsets",
    sentence: "The offset of an entry is its own place, not that of the next one.",
    plant: () => onDirents(({ off }) => ({ off: off - 1n })),
  },
  {
    name: "dirent-off-same",
    rule: "daemon/directory/offsets",
    sentence: "All entries of a directory have the same offset, from which nothing is listed.",
    plant: () => onDirents(() => ({ off: 1n << 40n })),
  },
  {
    name: "seek-skips-one",
    rule: "daemon/directory/offsets",
    sentence: "Asked from an offset that is not 0, the daemon leaves the next entry out.",
    plant: () => skipping,
  },
  {
    name: "page-too-long",
    rule: "daemon/directory/page-size",
    sentence: "A page of a directory is 8 bytes longer than was asked.",
    plant: () =>
      onPages((pieces, { size }) => {
        const page = together(pieces);
        // Nobody has room for as much as an absurd request asks for.
        if (page.length === 0 || size > MOST) return page;
        return Buffer.concat([page, Buffer.alloc(size + 8 - page.length)]);
      }),
  },
  {
    name: "entries-unpadded",
    rule: "daemon/directory/entries",
    sentence: "The entries of a page follow each other without padding.",
    plant: () => onPieces(({ bytes, name }, { head }) => bytes.subarray(0, head + dirent.size + name.length)),
  },
  {
    name: "last-entry-unpadded",
    rule: "daemon/directory/entries",
    sentence: "The last entry of a page is not padded.",
    plant: () =>
      onPages((pieces, { head }) => {
        const last = pieces.at(-1);
        const page = together(pieces);
        if (last === undefined) return page;
        const own = head + dirent.size + last.name.length;
        return page.subarray(0, page.length - (padded(own) - own));
      }),
  },
  {
    name: "page-filled-up",
    rule: "daemon/directory/entries",
    sentence: "A page of a directory is filled with zeros up to the size that was asked.",
    plant: () =>
      onPages((pieces, { size }) => {
        const page = together(pieces);
        return Buffer.concat([page, Buffer.alloc(Math.min(size, MOST) - page.length)]);
      }),
  },
  {
    name: "namelen-beyond-page",
    rule: "daemon/directory/entries",
    sentence: "The name of a symlink is listed with a length that goes beyond the page.",
    plant(session) {
      const link = nameOf(aSymlink(session));
      return onDirents(({ namelen }, name) => ({ namelen: name === link ? namelen + BEYOND : namelen }));
    },
  },
  {
    name: "page-with-rest",
    rule: "daemon/directory/rest",
    sentence: "Each page of a directory ends with 16 bytes that are no entry.",
    plant: () =>
      onPages((pieces) => {
        const page = together(pieces);
        return page.length === 0 ? page : Buffer.concat([page, Buffer.alloc(16, 0xff)]);
      }),
  },
  {
    name: "name-with-slash",
    rule: "daemon/directory/names",
    sentence: "The name of a symlink is listed with a slash in it.",
    plant: (s) =>
      renaming(s, (name) => Buffer.concat([name.subarray(0, 1), Buffer.from("/"), name.subarray(2)])),
  },
  {
    name: "name-with-nul",
    rule: "daemon/directory/name-end",
    sentence: "The name of a symlink is listed with the NUL that ends it.",
    plant: (s) => renaming(s, (name) => Buffer.concat([name, Uint8Array.of(0)])),
  },
  {
    name: "name-of-300-bytes",
    rule: "daemon/directory/names",
    sentence: "A symlink has a name of 300 bytes, and STATFS allows 255.",
    plant(session) {
      const link = aSymlink(session);
      const { reply } = renaming(session, () => Buffer.from(LONG_NAME));
      return {
        reply(request, own) {
          const asked = Buffer.from(request.body).toString("latin1");
          if (request.opcode === OPCODES.LOOKUP && asked === `${LONG_NAME}\0`)
            return own({ ...request, body: Buffer.from(`${nameOf(link)}\0`, "latin1") });
          return reply?.(request, own) ?? null;
        },
      };
    },
  },
  {
    name: "statfs-namelen-4",
    rule: "daemon/directory/name-length",
    sentence: "STATFS gives a namelen of 4, and there are longer names.",
    plant: () => onBody(OPCODES.STATFS, (body) => edited(statfsOut, body, () => ({ namelen: 4 }))),
  },
  {
    name: "ino-zero",
    rule: "daemon/directory/ino-zero",
    sentence: "A symlink is listed with ino 0.",
    plant(session) {
      const link = nameOf(aSymlink(session));
      return onDirents(({ ino }, name) => ({ ino: name === link ? 0n : ino }));
    },
  },
  {
    name: "name-listed-twice",
    rule: "daemon/directory/unique-names",
    sentence: "The first name of a directory is listed a second time, at the place of its last one.",
    plant: () =>
      onPieces((p, { head }, page) => {
        const own = page.filter(({ name }) => name !== "." && name !== "..");
        const [first, last] = [own[0], own.at(-1)];
        return p === last && first !== undefined
          ? renamed(p, Buffer.from(first.name, "latin1"), head)
          : p.bytes;
      }),
  },
  {
    name: "listing-endless",
    rule: "daemon/directory/ends",
    sentence: "The root lists one more name after the other, however many were asked for.",
    plant(session) {
      const link = aSymlink(session);
      const { reply } = onPages((pieces, asked) =>
        asked.request.nodeid === ROOT_NODEID && pieces.length === 0
          ? madeUp(session, asked)
          : together(pieces),
      );
      return {
        reply(request, own) {
          const made =
            request.nodeid === ROOT_NODEID && /^more-\d+\0$/.test(Buffer.from(request.body).toString());
          return request.opcode === OPCODES.LOOKUP && made
            ? granted(entryOf(session, link))
            : (reply?.(request, own) ?? null);
        },
      };
    },
  },
  {
    name: "readdir-once-a-handle",
    rule: "daemon/directory/rewind",
    sentence: "On a handle that was read to its end, reading from offset 0 again gives nothing.",
    plant() {
      // Handles of their own for directories, which the daemon itself does not look at.
      const ended = new Set<bigint>();
      let last = 0n;
      return afterReply((reply, request) => {
        if (reply === null || reply.error !== 0) return reply;
        if (request.opcode === OPCODES.OPENDIR)
          return granted(edited(openOut, reply.body, () => ({ fh: ++last })));
        if (request.opcode === OPCODES.RELEASEDIR) ended.delete(bodyOf(request, releaseIn).fh);
        if (!isListing(request)) return reply;
        const { fh, offset } = bodyOf(request, readIn);
        if (reply.body.length === 0) ended.add(fh);
        return ended.has(fh) && offset === 0n ? granted() : reply;
      });
    },
  },
  {
    name: "small-page-loses-a-name",
    rule: "daemon/directory/small-pages",
    sentence: "In pages of up to 4096 bytes a symlink is left out.",
    plant(session) {
      const link = nameOf(aSymlink(session));
      return onPages((pieces, { size }) =>
        together(size > 4096 ? pieces : pieces.filter((p) => p.name !== link)),
      );
    },
  },
  {
    name: "readdirplus-other-size",
    rule: "daemon/directory/plus-entry",
    sentence: "READDIRPLUS gives regular files one byte more than LOOKUP.",
    plant: ({ tree }) =>
      onEntries(tree.nodes, (node, { size }) => ({ size: node.kind === "file" ? size + 1n : size })),
  },
  {
    name: "readdirplus-other-generation",
    rule: "daemon/directory/plus-entry",
    sentence: "READDIRPLUS gives every nodeid another generation than LOOKUP.",
    plant: ({ tree }) => onEntries(tree.nodes, (_, { generation }) => ({ generation: generation + 1n })),
  },
  {
    name: "readdirplus-other-nodeid",
    rule: "daemon/directory/plus-entry",
    sentence: "READDIRPLUS gives symlinks another nodeid than LOOKUP.",
    plant: ({ tree }) =>
      onEntries(tree.nodes, (node, { nodeid }) => ({
        nodeid: node.kind === "symlink" ? nodeid + FAR : nodeid,
      })),
  },
  {
    name: "readdirplus-uncounted",
    rule: "daemon/directory/plus-counted",
    sentence: "READDIRPLUS does not count as a lookup of what it lists.",
    plant: ({ lookups }) =>
      onListing(OPCODES.READDIRPLUS, entryOut, ({ nodeid }) => {
        if (nodeid !== 0n) lookups.forget(nodeid, 1n);
        return {};
      }),
  },
];
