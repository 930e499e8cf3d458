import { expect, it } from "vitest";
import { flagNames, flagsKnown, flagsOffered, INIT_BITS } from "./init-flags.ts";

it("offers what Linux 6.18 offers at 7.45, and what 6.14 offers at 7.42", () => {
  expect(flagsOffered(45)).toBe(0x5fd_73ff_fffbn);
  expect(flagsOffered(42)).toBe(0x1fd_73ff_fffbn);
  expect(flagsOffered(99)).toBe(flagsOffered(45));
});

it("offers an old kernel's flags where the minor is old", () => {
  expect(flagsOffered(5)).toBe(0n);
  expect(flagsOffered(12)).toBe(0x7bn);
  expect(flagsOffered(35) >> 30n).toBe(0n);
});

it("knows flags that it does not offer", () => {
  const { FILE_OPS, MAP_ALIGNMENT, SUBMOUNTS, HAS_INODE_DAX, OVER_IO_URING } = INIT_BITS;
  const kept = [FILE_OPS, MAP_ALIGNMENT, SUBMOUNTS, HAS_INODE_DAX, OVER_IO_URING];
  expect(flagsKnown(45) & ~flagsOffered(45)).toBe(kept.reduce((all, bit) => all | (1n << BigInt(bit)), 0n));
});

it("names flags, and numbers those that it does not know", () => {
  expect(flagNames(0n)).toBe("");
  expect(flagNames((1n << 63n) | (1n << 40n) | (1n << 31n) | 1n)).toBe(
    "ASYNC_READ, bit 31, ALLOW_IDMAP, bit 63",
  );
});
