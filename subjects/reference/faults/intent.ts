/** Daemons that are right in themselves and serve something else than was meant. */
import { attrOut, encodeFmap, entryOut, OPCODES } from "../../../spec/index.ts";
import type { Fault, Hooks } from "../fault.ts";
import type { Session } from "../session.ts";
import { type FileNode, nameKey } from "../tree.ts";
import { edited, firstThat, onBody, onMessage, together } from "./hooking.ts";
import { farPlaces, moved } from "./moving.ts";

const rule = "daemon/intent/extents";

const sameShape = (a: FileNode["map"], b: FileNode["map"]) =>
  a.extType === "simple" &&
  b.extType === "simple" &&
  a.fileSize === b.fileSize &&
  a.fileType === b.fileType &&
  a.extents.length === b.extents.length;

const lastFile = ({ tree }: Session): FileNode => firstThat(tree.files.toReversed(), "a file");

/** Serves other maps in place of some. */
const instead = (session: Session, maps: ReadonlyMap<FileNode, FileNode["map"]>): Hooks =>
  onMessage(session, (message, file) => {
    const map = maps.get(file);
    return map === undefined ? message : encodeFmap(map);
  });

export const intentFaults: readonly Fault[] = [
  {
    name: "file-missing",
    rule,
    sentence: "The last file of the manifest is not served.",
    plant(session) {
      const file = lastFile(session);
      const { children, byName } = file.parent;
      children.splice(children.indexOf(file), 1);
      byName.delete(nameKey(file.name));
      return {};
    },
  },
  {
    name: "file-elsewhere",
    rule,
    sentence: "The last file of the manifest lies in another free place.",
    plant(session) {
      const file = lastFile(session);
      const by = farPlaces(session.manifest)(1);
      return instead(session, new Map([[file, moved(file.map, by)]]));
    },
  },
  {
    name: "files-exchanged",
    rule,
    sentence: "Two files of the same size have each other's extents.",
    plant(session) {
      const { files } = session.tree;
      const twin = (f: FileNode) => files.find((g) => g !== f && sameShape(f.map, g.map));
      const a = firstThat(
        files,
        "two files of the same size and as many simple extents",
        (f) => twin(f) !== undefined,
      );
      const b = twin(a) as FileNode;
      return instead(
        session,
        new Map([
          [a, b.map],
          [b, a.map],
        ]),
      );
    },
  },
  {
    name: "extents-in-other-order",
    rule,
    sentence: "One file's extents, of the same length, come in the opposite order.",
    plant(session) {
      const file = firstThat(
        session.tree.files,
        "a file of several simple extents of one length",
        ({ map }) =>
          map.extType === "simple" &&
          map.extents.length > 1 &&
          new Set(map.extents.map((e) => e.length)).size === 1,
      );
      const { map } = file;
      if (map.extType !== "simple") return {};
      return instead(session, new Map([[file, { ...map, extents: map.extents.toReversed() }]]));
    },
  },
  {
    name: "file-type-exchanged",
    rule: "daemon/intent/file-type",
    sentence:
      "The map of the last file says superblock where it should say regular, and the other way round.",
    plant(session) {
      const { map } = lastFile(session);
      return instead(session, new Map([[lastFile(session), { ...map, fileType: 1 - (map.fileType & 1) }]]));
    },
  },
];

/** Does something with the tree that a change of the manifest leads to, knowing the one before. */
function onChange(session: Session, act: (before: Session["tree"]) => void): Hooks {
  const own = session.follow.bind(session);
  session.follow = (manifest) => {
    const before = session.tree;
    own(manifest);
    act(before);
  };
  return {};
}

/** The file of another tree at a path, or undefined. */
const fileAt = ({ files }: Session["tree"], path: string) => files.find((f) => f.path === path);

/** Daemons that do not notice how their files have changed. */
export const changeFaults: readonly Fault[] = [
  {
    name: "map-of-before-the-change",
    rule: "daemon/change/map",
    sentence: "After a change of the files a map of the same size stays what it was.",
    plant(session) {
      const stale = new Map<FileNode, FileNode["map"]>();
      onChange(session, (before) => {
        for (const file of session.tree.files) {
          const old = fileAt(before, file.path)?.map;
          if (old?.fileSize === file.map.fileSize) stale.set(file, old);
        }
      });
      return instead(session, stale);
    },
  },
  {
    name: "size-of-before-the-change",
    rule: "daemon/change/size",
    sentence: "After a change of the files LOOKUP and GETATTR give the sizes of before.",
    plant(session) {
      const sizes = new Map<bigint, bigint>();
      onChange(session, (before) => {
        for (const { ino, path } of session.tree.files) {
          const old = fileAt(before, path);
          if (old !== undefined) sizes.set(ino, old.map.fileSize);
        }
      });
      const stale = <F extends { size: bigint; ino: bigint }>({ size, ino }: F) => ({
        size: sizes.get(ino) ?? size,
      });
      return together(
        onBody(OPCODES.LOOKUP, (body) => edited(entryOut, body, stale)),
        onBody(OPCODES.GETATTR, (body) => edited(attrOut, body, stale)),
      );
    },
  },
  {
    name: "gone-file-found",
    rule: "daemon/change/gone-file",
    sentence: "After a change of the files those that are gone are still served.",
    plant: (session) =>
      onChange(session, (before) => {
        const { nodes, files } = session.tree;
        for (const file of before.files) {
          const folder = nodes.get(file.parent.ino);
          if (folder?.kind === "directory" && !files.some((f) => f.path === file.path))
            folder.byName.set(nameKey(file.name), file);
        }
      }),
  },
  {
    name: "nodeid-of-gone-file",
    rule: "daemon/change/reused-nodeid",
    sentence: "A new file gets the number of one that is gone, and the same generation.",
    plant(session) {
      const own = session.follow.bind(session);
      const next = session.nextIno.bind(session);
      session.follow = (manifest) => {
        const kept = new Set(manifest.files.map((f) => f.path));
        const free = session.tree.files.filter((f) => !kept.has(f.path)).map((f) => f.ino);
        session.nextIno = (path) => free.shift() ?? next(path);
        own(manifest);
      };
      return {};
    },
  },
];
