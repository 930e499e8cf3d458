/** What the reference daemon serves where no manifest is given: a small file system with one of everything. */
import { parseFmap } from "../../oracles/index.ts";
import {
  encodeFmap,
  type Manifest,
  type ManifestFileJson,
  type ManifestJson,
  manifestFromJson,
  type Profile,
} from "../../spec/index.ts";

/** Bytes that every offset and length is a multiple of. */
const UNIT = 2 << 20;

/** The next free unit of the daxdev. */
let free = 0;

/** So many units of the daxdev, and a free one behind them so that no range touches the next. */
function range(units: number) {
  const at = free;
  free += units + 1;
  return { devindex: "0", offset: `${at * UNIT}`, length: `${units * UNIT}` };
}

const simple = (path: string, fileSize: number, lengths: readonly number[]): ManifestFileJson => ({
  path,
  fileSize: `${fileSize}`,
  extents: lengths.map(range),
});

/** `rows` stripes of `nstrips` chunks in each of as many interleaved extents as the file size asks for. */
function striped(
  path: string,
  fileSize: number,
  { nstrips, rows, chunk = 1 }: { nstrips: number; rows: number; chunk?: number },
): ManifestFileJson {
  const full = nstrips * rows * chunk * UNIT;
  const extents = Array.from({ length: Math.ceil(fileSize / full) }, (_, i) => ({
    chunkSize: `${chunk * UNIT}`,
    nbytes: `${Math.min(full, fileSize - i * full)}`,
    strips: Array.from({ length: nstrips }, () => range(rows * chunk)),
  }));
  return { path, fileSize: `${fileSize}`, extents };
}

export const DEFAULT_MANIFEST: ManifestJson = {
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: [{ index: 0, name: "/dev/dax0.0", size: `${2 ** 40}` }],
  files: [
    simple("/data/whole", 2 * UNIT, [2]),
    simple("/data/part", 1_234_567, [1]),
    simple("/data/pieces", 6 * UNIT - 1, [2, 2, 2]),
    simple("/data/uneven", 4 * UNIT + 1, [1, 3, 1]),
    simple("/data/roomy", 5 * UNIT, [4, 4]),
    simple("/data/byte", 1, [1]),
    simple("/data/empty", 0, [1]),
    simple("/data/deep/er/and/deeper", 2 * UNIT, [2]),
    simple("/data/deep/er/beside", 3 * UNIT - 4096, [3]),
    { ...simple("/.meta/.superblock", UNIT, [1]), fileType: 1 },
    { ...simple("/.meta/.log", 4 * UNIT, [4]), fileType: 2 },
    simple("/a name with blanks and ünicöde", UNIT - 1, [1]),
    simple("/32 extents", 32 * UNIT, new Array(32).fill(1)),
    striped("/striped/two", 8 * UNIT, { nstrips: 2, rows: 4 }),
    striped("/striped/three", 7 * UNIT + 12_345, { nstrips: 3, rows: 3 }),
    striped("/striped/roomy", 4 * UNIT + 1, { nstrips: 4, rows: 2 }),
    striped("/striped/broad chunks", 11 * UNIT, { nstrips: 3, rows: 2, chunk: 2 }),
    striped("/striped/one strip", 3 * UNIT, { nstrips: 1, rows: 3 }),
    striped("/striped/two extents", 13 * UNIT - 1, { nstrips: 2, rows: 4 }),
    // 6 extents of 32 strips are 4784 bytes of message, more than the kernel's first buffer.
    striped("/striped/long map", 6 * 32 * UNIT - 777, { nstrips: 32, rows: 1 }),
  ],
  directories: ["/nothing in here"],
  symlinks: [
    { path: "/link", target: "data/whole" },
    { path: "/data/deep/up", target: "../../striped/two" },
  ],
};

/** 4832 bytes of message in the revisions that have no limit of extents: more than the first buffer. */
const LONG_LIST = simple("/200 extents", 200 * UNIT, new Array(200).fill(1));

/** The default manifest without the files that no daemon could serve to that revision. */
export function defaultManifestOf(profile: Profile): Manifest {
  const manifest = manifestFromJson({
    ...DEFAULT_MANIFEST,
    files: [...DEFAULT_MANIFEST.files, LONG_LIST],
  });
  const files = manifest.files.filter(({ map }) => {
    const message = encodeFmap(map);
    return message.length <= profile.replySize.max && parseFmap(profile, message).verdict === "accept";
  });
  return { ...manifest, files };
}
