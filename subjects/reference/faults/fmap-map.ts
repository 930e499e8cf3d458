/** Faults in the layout of files on daxdevs: well-formed messages with wrong maps. */
import {
  type DaxRange,
  type Fmap,
  type InterleavedExtent,
  type Manifest,
  type ManifestFile,
  mapOf,
} from "../../../spec/index.ts";
import type { Fault } from "../fault.ts";
import { firstThat } from "./hooking.ts";
import { UNIT } from "./moving.ts";

type Simple = Extract<Fmap, { extType: "simple" }>;
type Interleaved = Extract<Fmap, { extType: "interleaved" }>;

const total = (ranges: readonly DaxRange[]): bigint => ranges.reduce((n, r) => n + r.length, 0n);

/** The manifest with other files in place of some. */
const replacing = (m: Manifest, ...pairs: readonly (readonly [ManifestFile, Fmap])[]): Manifest => {
  const maps = new Map(pairs);
  return {
    ...m,
    files: m.files.map((file) => {
      const map = maps.get(file);
      return map === undefined ? file : { ...file, map: mapOf(map.fileType, map.fileSize, map) };
    }),
  };
};

/** Changes the only extent of the first interleaved file that fits. */
function onStriped(
  m: Manifest,
  what: string,
  fits: (extent: InterleavedExtent, map: Interleaved) => boolean,
  change: (extent: InterleavedExtent) => InterleavedExtent,
): Manifest {
  const victim = firstThat(
    m.files,
    `a file of one interleaved extent that is not empty${what}`,
    ({ map }) =>
      map.extType === "interleaved" &&
      map.extents.length === 1 &&
      map.fileSize > 0n &&
      fits(map.extents[0] as InterleavedExtent, map),
  );
  const map = victim.map as Interleaved;
  return replacing(m, [victim, { ...map, extents: map.extents.map(change) }]);
}

/** Changes the extents of the first file of simple extents that fits. */
function onSimple(
  m: Manifest,
  what: string,
  fits: (map: Simple) => boolean,
  change: (extents: readonly DaxRange[]) => readonly DaxRange[],
): Manifest {
  const fit = ({ map }: ManifestFile) => map.extType === "simple" && fits(map);
  const victim = firstThat(m.files, `a file of simple extents ${what}`, fit);
  const map = victim.map as Simple;
  return replacing(m, [victim, { ...map, extents: change(map.extents) }]);
}

/** Whether the first strip needs its last chunk, and all of them hold enough bytes without it. */
function strained({ chunkSize, strips: [first, ...others] }: InterleavedExtent, { fileSize }: Interleaved) {
  if (chunkSize === 0n || first === undefined || others.length === 0) return false;
  const row = chunkSize * BigInt(1 + others.length);
  const rows = (fileSize + row - 1n) / row;
  return rows * chunkSize === first.length && total([first, ...others]) - chunkSize >= fileSize;
}

const isSingle = ({ map }: ManifestFile) =>
  map.extType === "simple" && map.extents.length === 1 && map.fileSize > 0n;

export const mapFaults: readonly Fault[] = [
  {
    name: "last-byte-uncovered",
    rule: "daemon/fmap/covers-file",
    sentence: "One interleaved extent serves a byte less than the file has.",
    manifest: (m) =>
      onStriped(
        m,
        " and has more than one byte",
        ({ nbytes }, { fileSize }) => nbytes === fileSize && nbytes > 1n,
        (e) => ({
          ...e,
          nbytes: e.nbytes - 1n,
        }),
      ),
  },
  {
    name: "strip-too-short",
    rule: "daemon/fmap/covers-file",
    sentence: "The first strip of one file is too short for the chunks that it carries.",
    manifest: (m) =>
      onStriped(m, ", whose strips have a chunk to spare in all", strained, (e) => ({
        ...e,
        strips: e.strips.map((s, i) => (i === 0 ? { ...s, length: s.length - e.chunkSize } : s)),
      })),
  },
  {
    name: "chunk-size-zero",
    rule: "daemon/fmap/covers-file",
    sentence: "One interleaved extent has chunks of 0 bytes.",
    manifest: (m) =>
      onStriped(
        m,
        "",
        () => true,
        (e) => ({ ...e, chunkSize: 0n }),
      ),
  },
  {
    name: "offset-in-upper-half",
    rule: "daemon/fmap/plausible-offset",
    sentence: "One file's offset is written into the upper 32 bits of its field.",
    manifest: (m) =>
      onSimple(
        m,
        "with an offset above 0",
        ({ extents }) => (extents[0]?.offset ?? 0n) > 0n,
        (extents) => extents.map((r, i) => (i === 0 ? { ...r, offset: r.offset << 32n } : r)),
      ),
  },
  {
    name: "extent-behind-device",
    rule: "daemon/fmap/inside-device",
    sentence: "One file's last extent begins inside its daxdev and ends behind it.",
    manifest(m) {
      const sizes = new Map(m.daxdevs.map(({ index, size }) => [BigInt(index), size]));
      const end = (r: DaxRange | undefined) => (r && sizes.get(r.devindex)) ?? 0n;
      return onSimple(
        m,
        "that is longer than 2 MiB, on a daxdev of a known size",
        ({ extents }) => end(extents.at(-1)) > 0n && (extents.at(-1) as DaxRange).length > UNIT,
        (extents) =>
          extents.map((r, i) => (i < extents.length - 1 ? r : { ...r, offset: end(r) - r.length + UNIT })),
      );
    },
  },
  {
    name: "overlap-in-file",
    rule: "daemon/fmap/no-overlap-in-file",
    sentence: "Two extents of one file are the same memory.",
    manifest: (m) =>
      onSimple(
        m,
        "with two of the same length",
        ({ extents: [a, b], fileSize }) =>
          a !== undefined && b !== undefined && a.length === b.length && fileSize >= a.length + b.length,
        ([first, , ...others]) => [first as DaxRange, first as DaxRange, ...others],
      ),
  },
  {
    name: "overlap-of-strips",
    rule: "daemon/fmap/no-overlap-in-file",
    sentence: "All strips of one file are the same memory.",
    manifest: (m) =>
      onStriped(
        m,
        " and has several strips",
        ({ strips, chunkSize }, { fileSize }) => strips.length > 1 && fileSize > chunkSize,
        (e) => ({
          ...e,
          strips: e.strips.map((s) => ({ ...s, offset: (e.strips[0] as DaxRange).offset })),
        }),
      ),
  },
  {
    name: "overlapping-files",
    rule: "daemon/fmap/no-overlap-between-files",
    sentence: "One file lies in the last bytes of another.",
    manifest(m) {
      const what = "a file that fills its only extent, and one of one extent that is no longer";
      const sum = ({ map }: ManifestFile) => total((map as Simple).extents);
      const host = firstThat(m.files, what, (f) => isSingle(f) && sum(f) === f.map.fileSize);
      const guest = firstThat(m.files, what, (f) => f !== host && isSingle(f) && sum(f) <= sum(host));
      const [under] = (host.map as Simple).extents as readonly [DaxRange];
      const map = guest.map as Simple;
      const extents = map.extents.map((r) => ({
        ...r,
        devindex: under.devindex,
        offset: under.offset + under.length - r.length,
      }));
      return replacing(m, [guest, { ...map, extents }]);
    },
  },
];
