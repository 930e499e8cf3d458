/** Fields of the GET_FMAP message that this kernel takes as they are, wrong as they are. */
import { fmapHeader, PAGE, rangesOf, simpleExt } from "../../../spec/index.ts";
import type { Fault } from "../fault.ts";
import type { FileNode } from "../tree.ts";
import { anyFile, edited, firstThat, onHeaderOf, onMessage, onMessageOf } from "./hooking.ts";

const extentsOf = ({ map }: FileNode) => rangesOf(map).reduce((n, r) => n + r.length, 0n);

export const fieldFaults: readonly Fault[] = [
  {
    name: "size-one-less",
    rule: "daemon/fmap/file-size",
    sentence: "One file's map says a byte less than LOOKUP and GETATTR.",
    implies: ["daemon/intent/extents"],
    plant: (s) =>
      onHeaderOf(
        s,
        firstThat(s.tree.files, "a file that is not empty", ({ map }) => map.fileSize > 0n),
        ({ file_size }) => ({ file_size: file_size - 1n }),
      ),
  },
  {
    name: "size-of-extents",
    rule: "daemon/fmap/file-size",
    sentence: "One file's map gives the sum of its extents for the file's size.",
    implies: ["daemon/intent/extents"],
    plant(s) {
      const victim = firstThat(
        s.tree.files,
        "a file of simple extents that does not fill them",
        (file) => file.map.extType === "simple" && extentsOf(file) > file.map.fileSize,
      );
      return onHeaderOf(s, victim, () => ({ file_size: extentsOf(victim) }));
    },
  },
  {
    name: "file-type-7",
    rule: "daemon/fmap/file-type",
    sentence: "One file's map gives file_type 7.",
    implies: ["daemon/intent/extents"],
    plant: (s) => onHeaderOf(s, anyFile(s), () => ({ file_type: 7 })),
  },
  {
    name: "version-2",
    rule: "daemon/fmap/version",
    sentence: "Every map gives fmap_version 2.",
    plant: (s) => onMessage(s, (message) => edited(fmapHeader, message, () => ({ fmap_version: 2 }))),
  },
  {
    name: "version-0",
    rule: "daemon/fmap/version",
    sentence: "One file's map leaves fmap_version zero.",
    plant: (s) => onHeaderOf(s, anyFile(s), () => ({ fmap_version: 0 })),
  },
  {
    name: "reserved-in-header",
    rule: "daemon/fmap/reserved-zero",
    sentence: "reserved1 of one file's header is not zero.",
    plant: (s) => onHeaderOf(s, anyFile(s), () => ({ reserved1: 0x5a5a_5a5an })),
  },
  {
    name: "reserved-in-extent",
    rule: "daemon/fmap/reserved-zero",
    sentence: "The reserved word of one file's last extent is not zero.",
    plant: (s) =>
      onMessageOf(s, anyFile(s), (message) =>
        edited(simpleExt, message, () => ({ reserved: 1 }), message.length - simpleExt.size),
      ),
  },
  {
    name: "trailing-bytes",
    rule: "daemon/fmap/exact-length",
    sentence: "Eight zero bytes follow the last extent of one file.",
    plant: (s) => onMessageOf(s, anyFile(s), (message) => Buffer.concat([message, new Uint8Array(8)])),
  },
  {
    name: "padded-to-a-page",
    rule: "daemon/fmap/exact-length",
    sentence: "Every map is filled up with zeros to a page, as the first revision wanted it.",
    plant: (s) =>
      onMessage(s, (message) => {
        if (message.length >= PAGE) return message;
        const page = new Uint8Array(PAGE);
        page.set(message);
        return page;
      }),
  },
];
