import { describe, expect, it } from "vitest";
import {
  agrees,
  disagreement,
  encodeFmap,
  type Fmap,
  fc,
  fmapArb,
  judge,
  kernelOracle,
  type ParserAnswer,
  profiles,
  rules,
  strictOracle,
  validFmapArb,
} from "./index.ts";

const MIB2 = 1n << 21n;
const MAP: Fmap = {
  fileType: 0,
  fileSize: MIB2,
  devBitmap: 1n,
  extType: "simple",
  extents: [{ devindex: 0n, offset: MIB2, length: MIB2 }],
};
const rfcV2 = profiles["rfc-v2"];

/** The map with its extent at another byte. */
const at = (offset: bigint): Fmap => ({ ...MAP, extents: [{ devindex: 0n, offset, length: MIB2 }] }) as Fmap;

describe.each(Object.values(profiles))("$name", (profile) => {
  it("agrees with its own verdict on every message", () => {
    fc.assert(
      fc.property(fmapArb(profile), ({ bytes }) => agrees(judge(profile, bytes), judge(profile, bytes))),
    );
  });

  it("has nothing to refuse in a valid message", () => {
    fc.assert(fc.property(validFmapArb(profile), ({ bytes }) => judge(profile, bytes).verdict !== "reject"));
  });
});

describe("what a parser's answer is held against", () => {
  const refused = judge(rfcV2, encodeFmap(at(1n)));
  const taken = judge(rfcV2, encodeFmap(MAP));
  const CASES: readonly (readonly [string, typeof taken, ParserAnswer, string | null])[] = [
    ["the verdict", taken, { verdict: "accept" }, null],
    ["the map", taken, { verdict: "accept", map: MAP }, null],
    ["a refusal without its errno", refused, { verdict: "reject" }, null],
    ["the errno", refused, { verdict: "reject", errno: "EINVAL" }, null],
    ["no opinion", refused, { verdict: "unspecified" }, null],
    [
      "a message taken that is refused",
      refused,
      { verdict: "accept" },
      "fmap/simple/offset-alignment: rfc-v2 says EINVAL for byte 40, the parser accepted",
    ],
    [
      "another errno",
      refused,
      { verdict: "reject", errno: "ERANGE" },
      "fmap/simple/offset-alignment: rfc-v2 says EINVAL for byte 40, the parser ERANGE",
    ],
    [
      "a message refused that is taken",
      taken,
      { verdict: "reject" },
      "fmap/map/simple: rfc-v2 says accept, the parser refused",
    ],
    [
      "another map",
      taken,
      { verdict: "accept", map: at(0n) },
      "fmap/map/simple: rfc-v2 says accept, the parser accepted with another map: extents/0/offset is 0, expected 2097152",
    ],
    [
      "an errno that there is none of",
      refused,
      { verdict: "reject", errno: "EWRONG" as "EINVAL" },
      "fmap/simple/offset-alignment: rfc-v2 says EINVAL for byte 40, the parser 'EWRONG' is not a Linux errno",
    ],
  ];
  it.each(CASES)("%s", (_, judged, answer, said) => {
    expect(disagreement(judged, answer)).toBe(said);
    expect(agrees(judged, answer)).toBe(said === null);
  });

  it("is either answer where no source settles the verdict", () => {
    const dual = profiles["dual-ext"];
    const [open] = fc
      .sample(fmapArb(dual), { numRuns: 2000, seed: 1 })
      .map((m) => judge(dual, m.bytes))
      .filter((j) => j.verdict === "unspecified");
    if (open === undefined) throw new Error("nothing is open in 2000 messages");
    expect(disagreement(open, { verdict: "reject", errno: "EINVAL" })).toBeNull();
    expect(disagreement(open, { verdict: "reject", errno: "ENOSPC" })).toMatch(
      /says accept or EINVAL, the parser ENOSPC$/,
    );
  });
});

describe("an oracle", () => {
  it("of a kernel says with errno, rule and byte why it refuses", () => {
    expect(kernelOracle(rfcV2)(encodeFmap(at(1n)))).toMatchObject({
      verdict: "reject",
      errno: "EINVAL",
      rule: "fmap/simple/offset-alignment",
      offset: 40,
      hazards: [],
    });
  });

  it("tells its checks in order, and what a failing allocation comes to", () => {
    const checks: string[] = [];
    judge(rfcV2, encodeFmap(MAP), { trace: { check: (step) => checks.push(step.rule) } });
    expect(checks[0]).toBe("fmap/header/underflow");
    expect(judge(rfcV2, encodeFmap(MAP), { failAllocation: 1 })).toMatchObject({ errno: "ENOMEM" });
  });

  it("of a careful parser finds what a kernel lets through", () => {
    const overlapping = { ...MAP, fileSize: 2n * MIB2, extents: [...MAP.extents, ...MAP.extents] } as Fmap;
    expect(judge(rfcV2, encodeFmap(overlapping)).verdict).toBe("accept");
    expect(strictOracle(rfcV2)(encodeFmap(overlapping)).map((b) => b.check)).toEqual(["ranges-apart"]);
    expect(strictOracle(rfcV2)(encodeFmap(MAP))).toEqual([]);
  });

  it("names rules that the standard has", () => {
    const judged = judge(rfcV2, new Uint8Array());
    expect(judged.verdict === "reject" && rules[judged.rule].sentence).toMatch(/32/);
  });
});

describe("a property that fails", () => {
  it("shows the smallest message field by field", () => {
    const careless = (message: Uint8Array): ParserAnswer => {
      const judged = judge(rfcV2, message);
      return "rule" in judged && judged.rule === "fmap/simple/offset-alignment"
        ? { verdict: "accept" }
        : judged;
    };
    const { counterexample, failed } = fc.check(
      fc.property(fmapArb(rfcV2), (m) => agrees(judge(rfcV2, m.bytes), careless(m.bytes))),
      { seed: 1, numRuns: 1000 },
    );
    expect(failed).toBe(true);
    const [smallest] = counterexample as NonNullable<typeof counterexample>;
    expect(smallest.bytes.length).toBe(56);
    expect(smallest.rules).toEqual(["fmap/simple/offset-alignment"]);
    const text = fc.stringify(smallest);
    expect(text).toContain(`56 bytes, rfc-v2 says EINVAL: ${smallest.hex}`);
    expect(text).toMatch(/se_offset\s+1 {2}<- EINVAL fmap\/simple\/offset-alignment/);
  });

  it("shows an accepted message without a mark", () => {
    const [message] = fc.sample(validFmapArb(rfcV2), { numRuns: 1, seed: 1 });
    expect(`${message}`).toMatch(/says accept/);
    expect(`${message}`).not.toContain("<-");
  });
});
