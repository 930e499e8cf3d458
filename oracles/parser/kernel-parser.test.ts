import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Batch, messageArb, messageArbOf, RecipeStream, randomBytesArb } from "../../generators/index.ts";
import { DEFAULT_PROFILE, PROFILES } from "../../spec/index.ts";
import { disagreement, judged } from "../test/laws.ts";
import { MIB2, message, one, range, SMALLEST, striped, UNIT, units } from "../test/messages.ts";
import { ACCEPTED_CASES, PARSER_CASES } from "../test/parser-cases.ts";
import { KernelParser } from "./kernel-parser.ts";

const fresh = (bytes: Uint8Array, failAllocation = 0) =>
  judged(new KernelParser(DEFAULT_PROFILE), bytes, failAllocation);

describe.each(PROFILES)("$name agrees with the readable model", (profile) => {
  const disagrees = (bytes: Uint8Array, failAllocation = 0) => disagreement(bytes, failAllocation, profile);

  it("on every literal message, whichever allocation fails", () => {
    for (const { accepted, refused } of Object.values({ ...PARSER_CASES, ...ACCEPTED_CASES }))
      for (const bytes of [...accepted, ...refused.map((r) => r.message)])
        for (let n = 0; n < 6; n++) expect(disagrees(bytes, n)).toBeNull();
  });

  it("on any message", () => {
    const law = fc.property(messageArbOf(profile), fc.nat(6), ({ bytes }, n) => {
      expect(disagrees(bytes, n)).toBeNull();
    });
    fc.assert(law, { numRuns: 2000 });
  });

  it("on random bytes", () => {
    const law = fc.property(randomBytesArb, (bytes) => {
      expect(disagrees(bytes)).toBeNull();
    });
    fc.assert(law, { numRuns: 2000 });
  });

  it("on 20,000 messages of the stream", () => {
    const stream = new RecipeStream(20_250_703);
    const batch = new Batch(1000, profile);
    for (let done = 0; done < 20_000; done++) {
      if (batch.full) batch.clear();
      batch.add(stream.next());
      const difference = disagrees(batch.message(batch.count - 1), done % 7 === 0 ? done % 5 : 0);
      if (difference !== null) expect.fail(difference);
    }
  });
});

describe("one parser for many messages", () => {
  it("says of each what a new one says", () => {
    const law = fc.property(fc.array(fc.tuple(messageArb, fc.nat(3)), { maxLength: 12 }), (messages) => {
      const parser = new KernelParser(DEFAULT_PROFILE);
      for (const [{ bytes }, n] of messages) expect(judged(parser, bytes, n)).toEqual(fresh(bytes, n));
    });
    fc.assert(law);
  });

  it("reads a message in place, and only there", () => {
    const parser = new KernelParser(DEFAULT_PROFILE);
    const law = fc.property(messageArb, fc.nat(99), fc.nat(99), ({ bytes }, before, behind) => {
      const buffer = new Uint8Array(7 + before + bytes.length + behind).fill(0xff);
      buffer.set(bytes, 7 + before);
      const rc = parser.parse(new DataView(buffer.buffer, 7), before, before + bytes.length);
      const map = Buffer.from(parser.map()).toString("hex");
      const alone = new KernelParser(DEFAULT_PROFILE);
      alone.parse(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length);
      const said = ({ at, shifts, shiftAt }: KernelParser) => [
        rc === 0 ? null : at,
        shifts === 0 ? null : shiftAt,
      ];
      expect({ rc, map, said: said(parser) }).toEqual({
        rc: fresh(bytes).rc,
        map: fresh(bytes).map,
        said: said(alone),
      });
    });
    fc.assert(law);
  });

  it("stays the same after a map that its buffer had to grow for", () => {
    const parser = new KernelParser(DEFAULT_PROFILE);
    const before = judged(parser, SMALLEST);
    const largest = judged(parser, message(Array.from({ length: 32 }, () => striped(units(32)))));
    expect(largest.map.length / 2).toBeGreaterThan(32 * 32 * 24);
    expect(judged(parser, SMALLEST)).toEqual(before);
  });
});

describe("an undefined shift", () => {
  const on = (...indexes: number[]) => indexes.map((se_devindex) => range(MIB2, MIB2, { se_devindex }));
  it.each([
    [[0, 1, 30], 0, null],
    [[31], 1, 32],
    [[32], 1, 32],
    [[63, 64], 2, 32],
    [[0, 30, 64, 0xffffffff], 2, 80],
    [[30, 31, 30, 32], 2, 56],
  ])("devindexes %j: %i, the first at byte %s", (indexes, shifts, shiftAt) => {
    expect(fresh(message(on(...indexes)))).toMatchObject({ shifts, shiftAt });
    const strips = message([striped(on(...indexes))]);
    expect(fresh(strips)).toMatchObject({ shifts, shiftAt: shiftAt === null ? null : shiftAt + 24 });
  });

  it("is counted over all extents, and before a refusal that comes at once", () => {
    const bytes = message([striped(on(31)), striped(on(0, 31)), striped([UNIT], { ie_nbytes: "0" })]);
    expect(fresh(bytes)).toMatchObject({ rule: "fmap/interleaved/nbytes-zero", shifts: 2, shiftAt: 56 });
    const never = message(on(31, 31)).subarray(0, 79);
    expect(fresh(never)).toMatchObject({ rule: "fmap/simple/underflow", shifts: 0 });
  });
});

describe("a leak: the strips of every extent but the first", () => {
  const extents = [striped(units(2)), striped([UNIT]), striped(units(3))];
  it.each([
    ["of an accepted map", message(extents), 0, 2, 104],
    ["of one extent", message(extents.slice(0, 1)), 0, 0, null],
    ["of simple extents", message(units(3)), 0, 0, null],
    ["of a refusal at the end", message(extents, { file_size: `${1n << 40n}` }), 0, 2, 104],
    ["of a refusal in the middle", message(extents).subarray(0, 153), 0, 1, 104],
    ["of a refusal before it", message(extents).subarray(0, 151), 0, 0, null],
    ["of strips that could not be allocated", message(extents), 5, 1, 104],
    ["of the second extent's", message(extents), 4, 0, null],
    ["of no strips", message([striped([UNIT]), striped([]), striped([UNIT])]), 0, 1, 104],
  ])("%s", (_, bytes, failAllocation, leaked, leakAt) => {
    expect(fresh(bytes, failAllocation)).toMatchObject({ leaked, leakAt });
  });
});

describe("allocations", () => {
  it.each([
    ["simple", message(units(3)), [48, 72]],
    ["interleaved", message([striped(units(2)), striped([UNIT])]), [48, 64, 48, 24]],
    ["no strips: kcalloc(0) asks nobody", message([striped([]), striped([UNIT])]), [48, 64, 24]],
  ])("%s: each may fail, and none behind the last", (_, bytes, sizes) => {
    const whole = fresh(bytes);
    const sum = (n: number) => sizes.slice(0, n).reduce((a, b) => a + b, 0);
    expect(whole).toMatchObject({ allocations: sizes.length, allocatedBytes: sum(sizes.length) });
    for (let n = 1; n <= sizes.length; n++)
      expect(fresh(bytes, n)).toMatchObject({ rc: -12, allocations: n - 1, allocatedBytes: sum(n - 1) });
    for (const n of [sizes.length + 1, 1000]) expect(fresh(bytes, n)).toEqual(whole);
  });

  it("of 4 MiB succeed: 131072 interleaved extents of 32 bytes, where nothing limits them", () => {
    const unlimited = PROFILES.find((p) => p.limits.maxExtents === null && p.parser.interleaved !== null);
    const bytes = one(striped([UNIT]));
    const header = new DataView(bytes.buffer, bytes.byteOffset);
    const rcOf = (nextents: number) => {
      header.setUint32(8, nextents, true);
      return judged(new KernelParser(unlimited as (typeof PROFILES)[number]), bytes, 0).rc;
    };
    expect([rcOf(131_072), rcOf(131_073)]).toEqual([-22, -12]);
  });

  it("of more than 4 MiB fail: 174763 strips of 24 bytes", () => {
    const fits = one(striped([UNIT], { ie_nstrips: 174_762 }));
    const bytes = new Uint8Array(fits.length + 174_763 * 24);
    bytes.set(fits);
    expect(fresh(bytes)).toMatchObject({ rc: -22, rule: "fmap/interleaved/nstrips-limit", allocations: 3 });
    new DataView(bytes.buffer).setUint32(32, 174_763, true);
    expect(fresh(bytes)).toMatchObject({
      rc: -12,
      rule: "fmap/interleaved/alloc-strips",
      at: 32,
      allocations: 2,
    });
    expect(disagreement(bytes)).toBeNull();
  });
});
