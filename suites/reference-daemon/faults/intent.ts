/** Daemons that are right in themselves and serve something else than was meant. */
import { encodeFmap } from "../../../spec/index.ts";
import type { Fault, Hooks } from "../fault.ts";
import type { Session } from "../session.ts";
import { type FileNode, nameKey } from "../tree.ts";
import { firstThat, onMessage } from "./hooking.ts";
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
