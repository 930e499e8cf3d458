/**
 * The manifest: which files a daemon serves, and in which memory each of them is. `fmapspec daemon --expect` compares a
 * daemon with it, `fmapspec reference-daemon --manifest` serves it. A u64 is a decimal string in JSON and a bigint here.
 */
import type { DaxRange, Fmap, InterleavedExtent } from "./map.ts";
import { type InterleavedJson, type RangeJson, rangeFromJson, rangeToJson } from "./map-json.ts";

/** A file of a manifest: its size and its extents in bytes. */
export interface ManifestFileJson {
  /** Absolute path in the mount. */
  readonly path: string;
  readonly fileSize: string;
  /** As on the wire; by default 0, a regular file. */
  readonly fileType?: number;
  readonly extents: readonly (RangeJson | InterleavedJson)[];
}

/** The tree that a daemon should serve: schema `manifest`. */
export interface ManifestJson {
  readonly format: "fmapspec-manifest";
  readonly version: 1;
  readonly daxdevs: readonly { readonly index: number; readonly name: string; readonly size?: string }[];
  readonly files: readonly ManifestFileJson[];
  /** Empty directories; the parents of a file need not be listed. */
  readonly directories?: readonly string[];
  readonly symlinks?: readonly Symlink[];
}

/** A symbolic link that the daemon should serve. */
export interface Symlink {
  readonly path: string;
  readonly target: string;
}

export interface Daxdev {
  readonly index: number;
  /** Path of the device. */
  readonly name: string;
  /** Bytes; null: unknown. */
  readonly size: bigint | null;
}

export interface ManifestFile {
  readonly path: string;
  /** The map that the kernel should have of this file. */
  readonly map: Fmap;
}

export interface Manifest {
  readonly daxdevs: readonly Daxdev[];
  readonly files: readonly ManifestFile[];
  readonly directories: readonly string[];
  readonly symlinks: readonly Symlink[];
}

export const isInterleavedJson = (e: RangeJson | InterleavedJson): e is InterleavedJson => "strips" in e;

/** Every range of a map, in the order of the message. */
export const rangesOf = (map: Fmap): readonly DaxRange[] =>
  map.extType === "simple" ? map.extents : map.extents.flatMap((e) => e.strips);

/** The map of these extents; its devBitmap is computed from them. */
export function mapOf(
  fileType: number,
  fileSize: bigint,
  extents:
    | { readonly extType: "simple"; readonly extents: readonly DaxRange[] }
    | { readonly extType: "interleaved"; readonly extents: readonly InterleavedExtent[] },
): Fmap {
  const map: Fmap = { fileType, fileSize, devBitmap: 0n, ...extents };
  const devBitmap = rangesOf(map).reduce(
    (bits, r) => (r.devindex < 64n ? bits | (1n << r.devindex) : bits),
    0n,
  );
  return { ...map, devBitmap };
}

function fileFromJson({ path, fileSize, fileType, extents }: ManifestFileJson): ManifestFile {
  const shape = extents.every(isInterleavedJson)
    ? {
        extType: "interleaved" as const,
        extents: extents.map((e) => ({
          chunkSize: BigInt(e.chunkSize),
          nbytes: BigInt(e.nbytes),
          strips: e.strips.map(rangeFromJson),
        })),
      }
    : { extType: "simple" as const, extents: (extents as readonly RangeJson[]).map(rangeFromJson) };
  return { path, map: mapOf(fileType ?? 0, BigInt(fileSize), shape) };
}

/** Reads JSON that fits schemas/manifest and in which `manifestProblems` finds no problem. */
export const manifestFromJson = (json: ManifestJson): Manifest => ({
  daxdevs: json.daxdevs.map(({ index, name, size }) => ({
    index,
    name,
    size: size === undefined ? null : BigInt(size),
  })),
  files: json.files.map(fileFromJson),
  directories: json.directories ?? [],
  symlinks: json.symlinks ?? [],
});

const fileToJson = ({ path, map }: ManifestFile): ManifestFileJson => ({
  path,
  fileSize: `${map.fileSize}`,
  ...(map.fileType === 0 ? {} : { fileType: map.fileType }),
  extents:
    map.extType === "simple"
      ? map.extents.map(rangeToJson)
      : map.extents.map((e) => ({
          chunkSize: `${e.chunkSize}`,
          nbytes: `${e.nbytes}`,
          strips: e.strips.map(rangeToJson),
        })),
});

/** The manifest as a document, without empty lists and default values. */
export const manifestToJson = (m: Manifest): ManifestJson => ({
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: m.daxdevs.map(({ index, name, size }) => ({
    index,
    name,
    ...(size === null ? {} : { size: `${size}` }),
  })),
  files: m.files.map(fileToJson),
  ...(m.directories.length === 0 ? {} : { directories: m.directories }),
  ...(m.symlinks.length === 0 ? {} : { symlinks: m.symlinks }),
});
