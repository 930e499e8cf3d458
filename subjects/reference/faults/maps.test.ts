import { describe, expect, it } from "vitest";
import { oddities, parseFmap } from "../../../oracles/index.ts";
import {
  DEFAULT_PROFILE,
  manifestFromJson,
  manifestProblems,
  manifestToJson,
  type RuleId,
} from "../../../spec/index.ts";
import { DEFAULT_MANIFEST } from "../default-manifest.ts";
import type { Fault } from "../fault.ts";
import { FAULTS } from "../faults.ts";
import { mapsOf } from "../test/maps.ts";
import { EVERY_MAP, SHOWS } from "../test/shows.ts";

describe("maps", () => {
  const right = mapsOf(null);
  const changed = (f: Fault) =>
    [...mapsOf(f)].filter(([path, m]) => Buffer.compare(m, right.get(path) as Uint8Array));
  const of = (...rules: RuleId[]) =>
    FAULTS.filter((f) => rules.includes(f.rule) && SHOWS[f.name] === EVERY_MAP).map(
      (f) => [f.name, f] as const,
    );

  it.each(of("daemon/fmap/accepted"))("%s: the kernel refuses the map of one file", (_, f) => {
    const different = changed(f);
    expect(different).toHaveLength(1);
    for (const [, message] of different) expect(parseFmap(DEFAULT_PROFILE, message).verdict).toBe("reject");
  });

  // These give out something else than a right message of the file that was asked for, or no such file.
  const others = [
    "no-reply",
    "late-reply",
    "size-reply-twice",
    "concurrent-mix-up",
    "file-missing",
    "directory-is-its-parent",
  ];
  const wellWritten = FAULTS.filter(
    (f) =>
      SHOWS[f.name]?.includes("map, asked for with room") &&
      f.rule !== "daemon/fmap/accepted" &&
      !others.includes(f.name),
  );
  it.each(wellWritten.map((f) => [f.name, f] as const))("%s: the kernel takes every map", (_, f) => {
    for (const [path, message] of mapsOf(f))
      expect(parseFmap(DEFAULT_PROFILE, message).verdict, path).toBe("accept");
  });

  it.each<[RuleId, RuleId]>([
    ["daemon/fmap/version", "fmap/ignored/version"],
    ["daemon/fmap/file-type", "fmap/ignored/file-type"],
    ["daemon/fmap/reserved-zero", "fmap/ignored/reserved"],
    ["daemon/fmap/exact-length", "fmap/ignored/trailing-bytes"],
    ["daemon/fmap/no-overlap-in-file", "fmap/ignored/overlap"],
  ])("what breaks %s is odd in one way only: %s", (broken, oddity) => {
    for (const [, f] of of(broken))
      for (const [path, message] of changed(f)) {
        const odd = (m: Uint8Array) => {
          const verdict = parseFmap(DEFAULT_PROFILE, m);
          return verdict.verdict === "accept" ? oddities(DEFAULT_PROFILE, m, verdict.map) : [];
        };
        const before = odd(right.get(path) as Uint8Array);
        expect(
          odd(message).filter((o) => !before.includes(o)),
          f.name,
        ).toEqual([oddity]);
      }
  });
});

describe("what is served instead", () => {
  const manifest = manifestFromJson(DEFAULT_MANIFEST);
  const others = FAULTS.filter((f) => f.manifest !== undefined);

  it.each(others.map((f) => [f.name, f] as const))("%s is a manifest of its own", (_, f) => {
    const served = f.manifest?.(manifest);
    expect(served).not.toEqual(manifest);
    expect(manifestProblems(manifestToJson(served ?? manifest))).toEqual([]);
  });
});
