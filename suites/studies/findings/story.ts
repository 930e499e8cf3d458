import { counted } from "../../../base/counted.ts";
import {
  FRESH_INODE,
  fetchResult,
  firstStray,
  installFmap,
  openResult,
  type Resolution,
  resolve,
  type Verdict,
} from "../../../oracles/index.ts";
import { type Fmap, type Profile, rangesOf, renderRc, TWO_TO_63 } from "../../../spec/index.ts";

/** The steps of the profile's kernel with a message: parse, install, open(2), the first byte that resolves wrongly. */
export function story(profile: Profile, verdict: Verdict): string[] {
  const parse = parseText(verdict);
  if (verdict.verdict === "unspecified") return [parse];
  const { errno, inode } = installFmap(profile, FRESH_INODE, verdict);
  const install =
    inode.map === null
      ? "install: no map"
      : `install: the inode has the map, i_size ${BigInt.asIntN(64, inode.iSize as bigint)}`;
  const rc = openResult(profile, fetchResult(profile, errno));
  const open = `open(2): ${renderRc(rc)}${inode.map === null && rc === 0 ? ", on a file without a map" : ""}`;
  const wrong = verdict.verdict === "accept" ? firstWrong(profile, verdict.map) : null;
  return [parse, install, open, ...(wrong === null ? [] : [wrong])];
}

/** The parser's verdict in words. */
export function parseText(verdict: Verdict): string {
  if (verdict.verdict === "accept") return `parse: accepted as ${mapText(verdict.map)}`;
  return verdict.verdict === "unspecified"
    ? `parse: not settled: ${verdict.reason}`
    : `parse: ${verdict.errno} at byte ${verdict.offset} (${verdict.rule})`;
}

/** A map in a few words. */
export function mapText({ fileSize, extType, extents }: Fmap): string {
  const n = extents.length;
  return `${counted(n, `${extType} extent`)} for ${counted(fileSize, "byte")} of file`;
}

/** The first critical offset at which resolution fails, leaves its range or is undefined, with its result; null: none. */
function firstWrong(profile: Profile, map: Fmap): string | null {
  const stray = firstStray(map);
  const starts: bigint[] = [];
  let start = 0n;
  for (const e of map.extents) {
    starts.push(start);
    start += "strips" in e ? e.nbytes : e.length;
  }
  const offsets = [...starts, ...(stray === null ? [] : [stray.offset])]
    .filter((o) => o < map.fileSize && o < TWO_TO_63)
    .sort((a, b) => (a < b ? -1 : 1));
  for (const offset of offsets) {
    const found = resolve(profile, map, offset, 1n);
    const wrong = wrongness(found, map, offset === stray?.offset ? stray.detail : null);
    if (wrong !== null) return `resolve: byte ${offset} of the file ${wrong}`;
  }
  return null;
}

function wrongness(found: Resolution, map: Fmap, stray: string | null): string | null {
  if (found.kind === "unspecified") return `is not settled: ${found.reason}`;
  if (found.kind === "empty") return "is nowhere: success, with 0 bytes";
  if (found.kind === "failed") return `is nowhere: ${found.errno}`;
  const place = `is byte ${found.offset} of daxdev ${found.devindex}`;
  if (stray !== null) return `${place}, past the end of its range: ${stray}`;
  const inside = rangesOf(map).some(
    (r) => r.devindex === found.devindex && r.offset <= found.offset && found.offset < r.offset + r.length,
  );
  return inside ? null : `${place}, outside every range of the map`;
}
