import { counted } from "../../base/counted.ts";
import type { DaxRange, Fmap } from "../../spec/index.ts";

const UNITS = [
  ["TiB", 1n << 40n],
  ["GiB", 1n << 30n],
  ["MiB", 1n << 20n],
  ["KiB", 1n << 10n],
] as const;

/** A number of bytes as a person reads it: `6 MiB`, and exactly where it is no round number of anything. */
export function renderBytes(n: bigint): string {
  for (const [unit, size] of UNITS) if (n >= size && n % size === 0n) return `${n / size} ${unit}`;
  return counted(n, "byte");
}

const range = (r: DaxRange) =>
  `daxdev ${r.devindex}, ${renderBytes(r.length)} at offset 0x${r.offset.toString(16)}`;

/** The parsed map, a line for each extent and strip. */
export function renderMap(map: Fmap): string {
  const lines = [
    `${map.extType} map of a file of ${renderBytes(map.fileSize)}, file type ${map.fileType}, daxdevs 0b${map.devBitmap.toString(2)}`,
  ];
  if (map.extType === "simple")
    for (const [i, extent] of map.extents.entries()) lines.push(`  extent ${i}: ${range(extent)}`);
  else
    for (const [i, e] of map.extents.entries()) {
      lines.push(
        `  extent ${i}: ${renderBytes(e.nbytes)} in chunks of ${renderBytes(e.chunkSize)} over ${counted(e.strips.length, "strip")}`,
      );
      for (const [j, strip] of e.strips.entries()) lines.push(`    strip ${j}: ${range(strip)}`);
    }
  return lines.join("\n");
}
