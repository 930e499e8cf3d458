import { describe, expect, it } from "vitest";
import { type DaxRange, type Manifest, mapOf } from "../../../spec/index.ts";
import { DaemonLedger } from "../ledger.ts";
import { checkDeviceEnds, checkIntent } from "./intent-checks.ts";
import type { ServedFile, Unmapped } from "./map-checks.ts";

const range = (offset: bigint): DaxRange => ({ devindex: 0n, offset, length: 4n });
const map = (offset: bigint, fileType = 0) =>
  mapOf(fileType, 4n, { extType: "simple", extents: [range(offset)] });
const manifest = (files: Manifest["files"], size: bigint | null = null): Manifest => ({
  daxdevs: [{ index: 0, name: "/dev/dax0.0", size }],
  files,
  directories: [],
  symlinks: [],
});
const served = (path: string, m: ReturnType<typeof map>) =>
  ({ node: { path, otherPaths: [] }, message: new Uint8Array([1]), map: m }) as unknown as ServedFile;
const unmapped = (path: string, why: string | null) =>
  ({ node: { path, otherPaths: [] }, why }) as unknown as Unmapped;

/** What failed, as `rule path: detail`. */
function failures(expected: Manifest, files: ServedFile[], without: Unmapped[] = []) {
  const ledger = new DaemonLedger();
  checkIntent(ledger, expected, files, without);
  checkDeviceEnds(ledger, expected, files);
  return ledger.failures.map((f) => `${f.rule} ${f.path}: ${f.detail}`);
}

describe("what was meant", () => {
  const meant = manifest([{ path: "/a", map: map(0n, 1) }]);

  it("is what is served", () => {
    expect(failures(meant, [served("/a", map(0n, 1)), served("/more", map(8n))])).toEqual([]);
  });

  it("has a file type", () => {
    expect(failures(meant, [served("/a", map(0n, 0))])).toEqual([
      "daemon/intent/file-type /a: file_type is 0 (regular), meant was 1 (superblock)",
    ]);
    expect(failures(meant, [served("/a", map(0n, 9))])).toEqual([
      "daemon/intent/file-type /a: file_type is 9, meant was 1 (superblock)",
    ]);
  });

  it("tells a file that is not served from one without a map", () => {
    expect(failures(meant, [])).toEqual([
      "daemon/intent/extents /a: the manifest lists it, and the daemon does not serve it",
    ]);
    expect(failures(meant, [], [unmapped("/a", "the kernel refuses it with EINVAL")])).toEqual([
      "daemon/intent/extents /a: the daemon serves it, and it has no map: the kernel refuses it with EINVAL",
    ]);
    expect(failures(meant, [], [unmapped("/a", null)])).toEqual([]);
  });

  it("lies on the device", () => {
    const small = manifest([{ path: "/a", map: map(8n) }], 10n);
    expect(failures(small, [served("/a", map(8n))])).toEqual([
      "daemon/fmap/inside-device /a: it ends at 12, daxdev 0 has 10 bytes",
    ]);
    expect(failures(manifest([{ path: "/a", map: map(8n) }], 12n), [served("/a", map(8n))])).toEqual([]);
  });
});
