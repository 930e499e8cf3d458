import { expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { oddities, parseFmap } from "../../oracles/index.ts";
import {
  DEFAULT_PROFILE,
  encodeFmap,
  FILE_TYPES,
  manifestFromJson,
  manifestProblems,
  rangesOf,
} from "../../spec/index.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";

const { files, daxdevs } = manifestFromJson(DEFAULT_MANIFEST);

it("is a manifest without problems, of 20 files", () => {
  expect(misfit("manifest", DEFAULT_MANIFEST)).toBeNull();
  expect(manifestProblems(DEFAULT_MANIFEST)).toEqual([]);
  expect(files).toHaveLength(20);
});

it.each(files.map((f) => [f.path, f.map] as const))(
  "%s: the kernel takes its map as it is meant",
  (_, map) => {
    const message = encodeFmap(map);
    expect(parseFmap(DEFAULT_PROFILE, message)).toMatchObject({ verdict: "accept", map });
    // What fits no extent exactly is told by these two, and is nothing wrong.
    const harmless = ["fmap/ignored/nbytes", "fmap/ignored/file-size-zero"];
    expect(oddities(DEFAULT_PROFILE, message, map).filter((o) => !harmless.includes(o))).toEqual([]);
  },
);

it("lies inside its daxdev, and no two ranges touch", () => {
  const ranges = files.flatMap((f) => rangesOf(f.map)).sort((a, b) => (a.offset < b.offset ? -1 : 1));
  for (const [i, range] of ranges.entries()) {
    const next = ranges[i + 1]?.offset ?? daxdevs[0]?.size ?? 0n;
    expect(range.offset + range.length).toBeLessThan(next);
  }
});

it("has one of everything", () => {
  const maps = files.map((f) => f.map);
  expect(new Set(maps.map((m) => m.extType))).toEqual(new Set(["simple", "interleaved"]));
  expect(new Set(maps.map((m) => m.fileType))).toEqual(new Set(FILE_TYPES.keys()));
  expect(maps.some((m) => m.fileSize === 0n)).toBe(true);
  expect(maps.some((m) => m.extents.length === DEFAULT_PROFILE.limits.maxExtents)).toBe(true);
  expect(maps.some((m) => encodeFmap(m).length > DEFAULT_PROFILE.replySize.first)).toBe(true);
  expect(DEFAULT_MANIFEST.directories).not.toEqual([]);
  expect(DEFAULT_MANIFEST.symlinks).not.toEqual([]);
});
