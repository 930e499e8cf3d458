import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, mapOf } from "../../../spec/index.ts";
import { DaemonLedger } from "../ledger.ts";
import type { ServedFile } from "./map-checks.ts";
import { checkPlausible, deviceNumbers, deviceSize } from "./plausibility.ts";

const MIB = 1n << 20n;
const file = (offset: bigint, length = 4n * MIB) =>
  ({
    node: { path: "/f" },
    message: Uint8Array.of(1),
    map: mapOf(0, length, { extType: "simple", extents: [{ devindex: 0n, offset, length }] }),
  }) as unknown as ServedFile;

/** What is said of a file at this offset of a device of so many bytes. */
function told(offset: bigint, size: bigint | null = null, length = 4n * MIB): string | null {
  const ledger = new DaemonLedger();
  checkPlausible(ledger, DEFAULT_PROFILE, [file(offset, length)], new Map([[0n, "/dev/dax0.0"]]), () => size);
  expect(ledger.tally().counts).toEqual({ "daemon/fmap/plausible-offset": 1 });
  return ledger.failures[0]?.detail ?? null;
}

describe("an offset", () => {
  it("is plausible in any memory that a machine can address, or inside its device", () => {
    expect(told((1n << 52n) - 4n * MIB)).toBeNull();
    expect(told(60n * MIB, 64n * MIB)).toBeNull();
  });

  it("beyond that is told with what would be right", () => {
    expect(told((6n * MIB) << 32n)).toBe(
      `the range at offset ${(6n * MIB) << 32n} ends behind the ${1n << 52n} bytes that no device has; 6291456 would be right: it looks written into the upper 32 of the field's 64 bits`,
    );
    expect(told(0x0000_2000_0000_0000n, 64n * MIB)).toMatch(
      /daxdev 0 has; 2097152 would be right: it looks written in the opposite byte order$/,
    );
    expect(told(0n, 2n * MIB)).toMatch(/ends behind the 2097152 bytes that daxdev 0 has$/);
    expect(told(62n * MIB, 64n * MIB, 64n * MIB)).toMatch(/daxdev 0 has$/);
  });
});

describe("the size of a device", () => {
  const sysfs = mkdtempSync(join(tmpdir(), "sysfs-"));
  afterAll(() => rmSync(sysfs, { recursive: true }));

  it("is what sysfs says of its numbers", () => {
    const { major, minor } = deviceNumbers(statSync("/dev/null").rdev);
    expect([major, minor]).toEqual([1, 3]);
    const folder = join(sysfs, "dev/char/1:3");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "size"), "67108864\n");
    expect(deviceSize("/dev/null", sysfs)).toBe(64n * MIB);
    writeFileSync(join(folder, "size"), "0\n");
    expect(deviceSize("/dev/null", sysfs)).toBeNull();
  });

  it("is not known of what is no such device", () => {
    expect(deviceSize("/dev/zero", sysfs)).toBeNull();
    expect(deviceSize("/", sysfs)).toBeNull();
    expect(deviceSize("/no/such/device")).toBeNull();
  });

  it("reads large numbers as glibc does", () => {
    expect(deviceNumbers(0x1234_5678)).toEqual({ major: 0x456, minor: 0x12378 });
  });
});
