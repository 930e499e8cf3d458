import { describe, expect, it } from "vitest";
import { parseFmap } from "../../../oracles/index.ts";
import { DEFAULT_PROFILE, manifestFromJson, OPCODES, outHeader, rangesOf } from "../../../spec/index.ts";
import { DEFAULT_MANIFEST } from "../default-manifest.ts";
import { agreed, fmapBody, GET_FMAP, messageOf } from "../test/asking.ts";
import { fault, mapsOf } from "../test/maps.ts";

describe("files that lie elsewhere", () => {
  const limits = manifestFromJson(DEFAULT_MANIFEST).daxdevs[0]?.size ?? 0n;

  it.each(["map-changes", "map-moves-after-forget", "map-of-this-start", "file-elsewhere"])(
    "%s: inside the daxdev and apart from each other",
    (name) => {
      for (const start of [1, 2, 262_143, 1_700_000_000_000_000]) {
        const ranges = [...mapsOf(fault(name), start).values()]
          .map((m) => parseFmap(DEFAULT_PROFILE, m))
          .flatMap((v) => (v.verdict === "accept" ? rangesOf(v.map) : []))
          .sort((a, b) => (a.offset < b.offset ? -1 : 1));
        for (const [i, r] of ranges.entries())
          expect(r.offset + r.length).toBeLessThanOrEqual(ranges[i + 1]?.offset ?? limits);
      }
    },
  );

  it("map-changes goes on for as long as it is asked, and starts anew after FORGET", () => {
    const k = agreed(fault("map-changes"));
    const nodeid = k.find("/data/whole");
    const seen = Array.from({ length: 50 }, () => Buffer.from(k.fmap(nodeid).body).toString("hex"));
    expect(new Set(seen).size).toBe(50);
    k.forget(nodeid);
    k.find("/data/whole");
    expect(Buffer.from(k.fmap(nodeid).body).toString("hex")).toBe(seen[0]);
  });

  it("map-of-this-start is the same within one start, and another in the next", () => {
    const [a, again, b] = [7, 7, 8].map((start) =>
      [...mapsOf(fault("map-of-this-start"), start).values()].join(),
    );
    expect(again).toBe(a);
    expect(b).not.toBe(a);
  });

  it("map-moves-after-forget moves at each FORGET that comes after a map, and not before", () => {
    const k = agreed(fault("map-moves-after-forget"));
    k.forget(k.find("/data/whole"));
    const seen = Array.from({ length: 5 }, () => {
      const nodeid = k.find("/data/whole");
      const twice = [k.fmap(nodeid), k.fmap(nodeid)].map(({ body }) => Buffer.from(body).toString("hex"));
      k.forget(nodeid);
      expect(twice[0]).toBe(twice[1]);
      return twice[0];
    });
    expect(seen[0]).toBe(Buffer.from(mapsOf(null).get("/data/whole") as Uint8Array).toString("hex"));
    expect(new Set(seen).size).toBe(5);
  });
});

describe("concurrent-mix-up", () => {
  const k = agreed(fault("concurrent-mix-up"));
  const [a, b] = [k.find("/data/whole"), k.find("/striped/two")];
  const truth = mapsOf(null);
  const replies = (nodeid: bigint) =>
    k
      .raw(GET_FMAP, nodeid, fmapBody(4096))
      .map((r) => ({ unique: outHeader.read(r).unique, body: r.subarray(16) }));

  it("holds a map back until nothing else comes", () => {
    expect(replies(a)).toEqual([]);
    const [late] = k.daemon.hooks.quiet?.speak() ?? [];
    expect(late?.subarray(16)).toEqual(truth.get("/data/whole"));
    expect(k.daemon.hooks.quiet?.speak()).toEqual([]);
  });

  it("gives each of two the other's map", () => {
    expect(replies(a)).toEqual([]);
    const first = k.unique;
    expect(replies(b)).toEqual([
      { unique: first, body: truth.get("/striped/two") },
      { unique: first + 2n, body: truth.get("/data/whole") },
    ]);
  });

  it("lets other requests pass, the map before them", () => {
    expect(replies(a)).toEqual([]);
    const both = k.daemon.answer(messageOf(OPCODES.STATFS, 1n, undefined, { unique: 1000n }));
    expect(both.map((r) => outHeader.read(r).unique)).toEqual([k.unique, 1000n]);
  });
});
