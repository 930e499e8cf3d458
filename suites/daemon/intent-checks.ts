import { type Manifest, rangesOf } from "../../spec/index.ts";
import { differences } from "./intent.ts";
import type { DaemonLedger } from "./ledger.ts";
import type { ServedFile } from "./map-checks.ts";

/** Holds every file of the manifest against what the kernel would map. */
export function checkIntent(ledger: DaemonLedger, expect: Manifest, served: readonly ServedFile[]): void {
  const byPath = new Map(served.map((s) => [s.node.path, s]));
  for (const { path, map } of expect.files) {
    const found = byPath.get(path);
    const wrong =
      found === undefined
        ? ["it is not served, or the kernel takes no map of it"]
        : differences(map, found.map);
    if (wrong.length === 0) ledger.check("daemon/intent/extents", null);
    for (const detail of wrong) ledger.check("daemon/intent/extents", detail, { path });
  }
}

/** Holds every map against the sizes of the daxdevs, as far as the manifest tells them. */
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
