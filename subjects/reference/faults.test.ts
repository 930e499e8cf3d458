import { describe, expect, it } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { manifestFromJson, RULES, type RuleId, rule } from "../../spec/index.ts";
import { ReferenceDaemon } from "./daemon.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import { FAULTS, faultNamed } from "./faults.ts";
import { fault } from "./test/maps.ts";
import { SHOWS } from "./test/shows.ts";
import { differing, transcript } from "./test/transcript.ts";

describe("the list", () => {
  it("has a name and a sentence for each, and no name twice", () => {
    expect(new Set(FAULTS.map((f) => f.name)).size).toBe(FAULTS.length);
    for (const { name, sentence } of FAULTS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(sentence).toMatch(/^\S.*\.$/);
      expect(sentence).not.toMatch(/\n| {2}/);
    }
    expect(faultNamed("no such fault")).toBeUndefined();
  });

  it("breaks every requirement of a daemon at least once", () => {
    const broken = new Set<RuleId>(FAULTS.map((f) => f.rule));
    expect(RULES.filter((r) => r.needs === "daemon" && !broken.has(r.id)).map((r) => r.id)).toEqual([]);
  });

  it("speaks of requirements of daemons only", () => {
    for (const f of FAULTS)
      for (const id of [f.rule, ...(f.implies ?? [])])
        expect(rule(id).needs, `${f.name}: ${id}`).toBe("daemon");
  });
});

describe("shows in exactly these answers", () => {
  const reference = transcript(null);

  it("none, where nothing is wrong", () => {
    expect(differing(reference, transcript(null, 2))).toEqual([]);
  });

  // Nodeids are other ones throughout, and every reply with a body is in two parts.
  const everywhere = ["nodeid-reused", "reply-in-two-writes"];
  it.each(FAULTS.filter((f) => !everywhere.includes(f.name)).map((f) => [f.name, f] as const))(
    "%s",
    (name, f) => {
      expect(differing(reference, transcript(f))).toEqual(SHOWS[name]);
    },
  );
});

describe("a manifest that has nothing to be wrong about", () => {
  const bare = manifestFromJson({ ...DEFAULT_MANIFEST, files: [], symlinks: [], directories: [] });

  it.each(FAULTS.map((f) => [f.name, f] as const))("%s says what it misses, or can do without", (_, f) => {
    try {
      new ReferenceDaemon(bare, f);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as Error).message).toMatch(/^this fault needs .*/);
    }
  });

  it("names the file that would be needed", () => {
    expect(() => new ReferenceDaemon(bare, fault("chunk-size-zero"))).toThrow(
      "this fault needs a file of one interleaved extent that is not empty, and the manifest has none",
    );
    const small = {
      ...manifestFromJson(DEFAULT_MANIFEST),
      daxdevs: [{ index: 0, name: "/d", size: 1n << 21n }],
    };
    expect(() => new ReferenceDaemon(small, fault("map-changes"))).toThrow("room to move the files to");
  });
});
