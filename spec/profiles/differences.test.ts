import { describe, expect, it } from "vitest";
import { profileDifferences } from "./differences.ts";
import { PROFILES, type Profile, profileNamed } from "./index.ts";

const v3 = profileNamed("v3") as Profile;
const dualExt = profileNamed("dual-ext") as Profile;
const changed = (change: Partial<Profile>) => profileDifferences(v3, { ...v3, ...change });

describe("two profiles", () => {
  it("that are the same differ in nothing", () => {
    for (const p of PROFILES) expect(profileDifferences(p, p)).toEqual([]);
  });

  it("differ in what each says at a path, in the order of the fields", () => {
    const opcodes = { ...v3.opcodes, getDaxdev: null };
    expect(changed({ initBit: 1, opcodes, errnos: { ...v3.errnos, lostRace: null } })).toEqual([
      { path: "opcodes/getDaxdev", before: "55", after: "none" },
      { path: "initBit", before: "43", after: "1" },
      { path: "errnos/lostRace", before: "EEXIST", after: "none" },
    ]);
  });

  it("do not differ by what they are called and where they come from", () => {
    expect(changed({ name: "v4", aliases: ["x"], title: "t", source: "s" })).toEqual([]);
  });

  it("differ where one has something and the other has nothing of it, told whole", () => {
    const { interleaved } = v3.parser;
    const [gone] = changed({ parser: { ...v3.parser, interleaved: null } });
    expect(gone).toEqual({
      path: "parser/interleaved",
      before:
        "order nbytes, strips, nstrips; chunkSizes any; nbytesLimit u64; nstrips counted; stripCapacity false; cover remainder; frees first extent",
      after: "none",
    });
    const order = interleaved === null ? [] : [...interleaved.order].reverse();
    expect(
      changed({ parser: { ...v3.parser, interleaved: interleaved && { ...interleaved, order } } }),
    ).toEqual([
      {
        path: "parser/interleaved/order",
        before: "nbytes, strips, nstrips",
        after: "nstrips, strips, nbytes",
      },
    ]);
  });

  it("differ in a field that only one has", () => {
    const { min: _, ...without } = { min: 56, ...v3.replySize };
    const replySize = { ...without, kind: "retry-once", min: 56 } as const;
    expect(changed({ replySize })).toEqual([
      { path: "replySize/kind", before: "single", after: "retry-once" },
      { path: "replySize/min", before: "none", after: "56" },
    ]);
  });

  it("say of what no source gives that it is not established, whether there is a value or none", () => {
    const open = { ...v3.open, initBit: "nobody says", "limits/maxStrips": "nobody says" };
    expect(changed({ open })).toEqual([
      { path: "initBit", before: "43", after: "43, not established" },
      { path: "limits/maxStrips", before: "32", after: "32, not established" },
    ]);
    const parser = { ...v3.parser, interleaved: null };
    const [told] = profileDifferences(
      { ...v3, open: { "parser/interleaved/order": "nobody says" } },
      { ...v3, parser },
    );
    expect(told?.before).toMatch(/^order nbytes, strips, nstrips, not established; /);
    const limits = { ...v3.limits, maxStrips: null };
    expect(changed({ open, limits })).toContainEqual({
      path: "limits/maxStrips",
      before: "32",
      after: "not established",
    });
    expect(profileDifferences(v3, dualExt)).toContainEqual({
      path: "resolver",
      before: expect.stringMatching(/^failure empty; /),
      after: "not established",
    });
  });
});
