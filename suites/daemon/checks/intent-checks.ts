import { hexOf, type Manifest, rangesOf } from "../../../spec/index.ts";
import type { DaemonLedger } from "../ledger.ts";
import { differences, typeDifference } from "./intent.ts";
import type { ServedFile, Unmapped } from "./map-checks.ts";

/** Why a file of the manifest has no map to compare; null: no source says what the kernel does with it. */
function absence(path: string, unmapped: readonly Unmapped[]): string | null {
  const found = unmapped.find(({ node }) => node.path === path || node.otherPaths.includes(path));
  if (found === undefined) return "the manifest lists it, and the daemon does not serve it";
  return found.why === null ? null : `the daemon serves it, and it has no map: ${found.why}`;
}

/** Compares every file of the manifest with what the kernel would map. */
export function checkIntent(
  ledger: DaemonLedger,
  expect: Manifest,
  served: readonly ServedFile[],
  unmapped: readonly Unmapped[],
): void {
  const byPath = new Map(served.flatMap((s) => [s.node.path, ...s.node.otherPaths].map((path) => [path, s])));
  for (const { path, map } of expect.files) {
    const found = byPath.get(path);
    if (found === undefined) {
      const why = absence(path, unmapped);
      if (why !== null) ledger.check("daemon/intent/extents", why, { path });
      continue;
    }
    const evidence = { path, reply: hexOf(found.message) };
    const wrong = differences(map, found.map);
    if (wrong.length === 0) ledger.check("daemon/intent/extents", null);
    for (const detail of wrong) ledger.check("daemon/intent/extents", detail, evidence);
    ledger.check("daemon/intent/file-type", typeDifference(map, found.map), evidence);
  }
}

/** Compares every map with the sizes of the daxdevs, as far as the manifest has them. */
export function checkDeviceEnds(ledger: DaemonLedger, expect: Manifest, served: readonly ServedFile[]): void {
  for (const { index, size } of expect.daxdevs) {
    if (size === null) continue;
    for (const { node, map } of served) {
      const beyond = rangesOf(map).find((r) => r.devindex === BigInt(index) && r.offset + r.length > size);
      const detail =
        beyond === undefined
          ? null
          : `it ends at ${beyond.offset + beyond.length}, daxdev ${index} has ${size} bytes`;
      ledger.check("daemon/fmap/inside-device", detail, { path: node.path });
    }
  }
}
