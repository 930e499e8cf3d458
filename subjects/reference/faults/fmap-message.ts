/** Faults of the code that writes the GET_FMAP message, while the map that is meant is right: the kernel accepts none of these. */
import { type DaxRange, type Fmap, fmapHeader, simpleExt } from "../../../spec/index.ts";
import type { Fault, Hooks } from "../fault.ts";
import type { Session } from "../session.ts";
import type { FileNode } from "../tree.ts";
import { anyFile, edited, firstThat, onHeaderOf, onMessageOf } from "./hooking.ts";

type Simple = Extract<Fmap, { extType: "simple" }>;

type SimpleFile = FileNode & { readonly map: Simple };

const simpleFilesOf = ({ tree }: Session) =>
  tree.files.filter((file): file is SimpleFile => file.map.extType === "simple");
const simpleFile = (session: Session) => firstThat(simpleFilesOf(session), "a file of simple extents");
/** Its first offset, where it is read as a length, makes the extents too short for the file. */
const lowFile = (session: Session) =>
  firstThat(
    simpleFilesOf(session),
    "a file of one simple extent that begins before the file's size",
    ({ map }) => map.extents.length === 1 && (map.extents[0] as DaxRange).offset < map.fileSize,
  );
/** Writes each simple extent of one file in another way, as `size` bytes. */
function onExtents(
  session: Session,
  victim: SimpleFile,
  size: number,
  put: (view: DataView, range: DaxRange) => void,
): Hooks {
  return onMessageOf(session, victim, (message) => {
    const { extents } = victim.map;
    const written = new Uint8Array(fmapHeader.size + extents.length * size);
    written.set(message.subarray(0, fmapHeader.size));
    for (const [i, range] of extents.entries())
      put(new DataView(written.buffer, fmapHeader.size + i * size, size), range);
    return written;
  });
}

/** Changes the first extent of one file. */
const onFirstExtent = (
  session: Session,
  change: (extent: ReturnType<typeof simpleExt.read>) => Partial<ReturnType<typeof simpleExt.read>>,
): Hooks =>
  onMessageOf(session, simpleFile(session), (message) => edited(simpleExt, message, change, fmapHeader.size));

const refusedByKernel = { rule: "daemon/fmap/accepted", implies: ["daemon/intent/extents"] } as const;

export const messageFaults: readonly Fault[] = [
  {
    name: "devindex-u64",
    ...refusedByKernel,
    sentence:
      "One file's extents are written with a devindex of 64 bits and then the reserved word: 32 bytes each.",
    plant: (s) =>
      onExtents(s, lowFile(s), 32, (view, { devindex, offset, length }) => {
        view.setBigUint64(0, devindex, true);
        view.setBigUint64(16, offset, true);
        view.setBigUint64(24, length, true);
      }),
  },
  {
    name: "devindex-without-reserved",
    ...refusedByKernel,
    sentence: "One file's extents are written packed, without the reserved word: 20 bytes each.",
    plant: (s) =>
      onExtents(s, simpleFile(s), 20, (view, { devindex, offset, length }) => {
        view.setUint32(0, Number(devindex), true);
        view.setBigUint64(4, offset, true);
        view.setBigUint64(12, length, true);
      }),
  },
  {
    name: "devindex-from-one",
    ...refusedByKernel,
    sentence: "One file's devindex counts from 1, and this kernel knows index 0 only.",
    plant: (s) => onFirstExtent(s, ({ se_devindex }) => ({ se_devindex: se_devindex + 1 })),
  },
  {
    name: "swapped-fields",
    ...refusedByKernel,
    sentence: "One file's offset and length are swapped.",
    plant: (s) =>
      onExtents(s, lowFile(s), simpleExt.size, (view, { devindex, offset, length }) => {
        view.setUint32(0, Number(devindex), true);
        view.setBigUint64(8, length, true);
        view.setBigUint64(16, offset, true);
      }),
  },
  {
    name: "length-off-by-one",
    ...refusedByKernel,
    sentence: "One file's first extent is one byte short.",
    plant: (s) => onFirstExtent(s, ({ se_len }) => ({ se_len: se_len - 1n })),
  },
  {
    name: "offset-misaligned",
    ...refusedByKernel,
    sentence: "One file's first extent begins a page too late.",
    plant: (s) => onFirstExtent(s, ({ se_offset }) => ({ se_offset: se_offset + 4096n })),
  },
  {
    name: "last-extent-missing",
    ...refusedByKernel,
    sentence: "One file's last extent is not written, though it is counted.",
    plant: (s) => onMessageOf(s, simpleFile(s), (message) => message.subarray(0, -simpleExt.size)),
  },
  {
    name: "nextents-33",
    ...refusedByKernel,
    sentence: "One file's header counts 33 extents.",
    plant: (s) => onHeaderOf(s, anyFile(s), () => ({ nextents: 33 })),
  },
  {
    name: "nextents-big-endian",
    ...refusedByKernel,
    sentence: "One file's count of extents is written in network order.",
    plant: (s) =>
      onHeaderOf(s, anyFile(s), ({ nextents }) => ({
        nextents: ((nextents << 24) | (nextents >> 24)) >>> 0,
      })),
  },
  {
    name: "ext-type-2",
    ...refusedByKernel,
    sentence: "One file's header gives an extent type that does not exist.",
    plant: (s) => onHeaderOf(s, anyFile(s), () => ({ ext_type: 2 })),
  },
  {
    name: "size-beyond-extents",
    ...refusedByKernel,
    sentence: "One file's header gives a size that ends one byte behind the last extent.",
    implies: ["daemon/fmap/file-size", "daemon/intent/extents"],
    plant: (s) => {
      const victim = simpleFile(s);
      const total = victim.map.extents.reduce((n, r) => n + r.length, 0n);
      return onHeaderOf(s, victim, () => ({ file_size: total + 1n }));
    },
  },
];
