/** One message explained: every check in order, the verdict with its source, hazards, the map, some offsets. */
import { describe, expect, it } from "vitest";
import { build, faultChoice, recipe } from "../../generators/index.ts";
import { oddities, parseFmap, resolve, type TraceStep } from "../../oracles/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { plain } from "../line.ts";
import { renderJudgement } from "./judge-text.ts";

function explain(choices: Parameters<typeof recipe>[0], offsets: readonly bigint[] = []): string {
  const message = build(recipe(choices)).bytes;
  const steps: TraceStep[] = [];
  const verdict = parseFmap(DEFAULT_PROFILE, message, { trace: { check: (step) => steps.push(step) } });
  const accepted = verdict.verdict === "accept" ? verdict.map : null;
  return renderJudgement(
    {
      profile: DEFAULT_PROFILE,
      message,
      steps,
      verdict,
      oddities: accepted === null ? [] : oddities(DEFAULT_PROFILE, message, accepted),
      resolutions: offsets.map((offset) => ({
        offset,
        want: 4096n,
        found: resolve(DEFAULT_PROFILE, accepted as NonNullable<typeof accepted>, offset, 4096n),
      })),
    },
    plain,
  );
}

describe("a judgement", () => {
  it("of a message that is taken: the checks, the map, the offsets", () => {
    const text = explain({ count: 1 }, [0n, 4n << 20n]);
    expect(text).toMatch(/^80 bytes, judged as rfc-v2 \(/);
    expect(text).toMatch(/^ {2}ok +fmap\/header\/underflow +80 >= 32$/m);
    expect(text).toContain("\nverdict\n  accept\n");
    expect(text).toContain("\nmap\n  simple map of a file of 4 MiB");
    expect(text).toContain("\n  4096 bytes at file offset 0: daxdev 0 at 0x0, 4096 bytes\n");
    expect(text).toContain("\n  4096 bytes at file offset 4194304: nothing (success, 0 bytes)\n");
    expect(text).not.toMatch(/REFUSE|hazards|accepted all the same/);
  });

  it("of a message that is refused: the check that did it, at its byte, with its source", () => {
    const text = explain({ count: 5 });
    expect(text).toMatch(/^ {2}REFUSE fmap\/header\/nextents-limit +33 <= 32$/m);
    expect(text).toMatch(
      /verdict\n {2}reject with E2BIG at byte 8: More extents than .* \(fmap\/header\/nextents-limit, .*famfs\.c:106\)/,
    );
    expect(text).not.toContain("\nmap\n");
  });

  it("counts what the parser counts before it refuses, and names the hazards", () => {
    const text = explain({ count: 1, fault1: faultChoice("devindex"), value1: 4, where1: 2 });
    expect(text).toMatch(/^ {2}count +fmap\/simple\/devindex +31 == 0$/m);
    expect(text).toMatch(/hazards\n {2}hazard\/devindex-shift at byte 32, 2 times: /);
  });

  it("folds the checks of many extents", () => {
    const text = explain({ count: 4 });
    expect(text).toMatch(/the same for the extents that follow \(\d+ checks\)/);
    expect(text.match(/fmap\/simple\/devindex/g)).toHaveLength(1);
  });

  it("says what is accepted all the same, and what an access to it would do", () => {
    const text = explain({ kind: 1, fault1: faultChoice("chunk size"), value1: 0 }, [0n]);
    expect(text).toContain("\naccepted all the same\n  fmap/ignored/chunk-size\n");
    expect(text).toContain(
      "file offset 0: undefined: A chunk size of zero is accepted, and the resolver divides by it.",
    );
  });

  it("marks a resolution that the revision overflows on", () => {
    const edge = { count: 1, fault1: faultChoice("length at an edge"), value1: 2, where1: 1, fit: 9 };
    expect(explain(edge, [(1n << 63n) - 1n])).toContain("(hazard/walk-overflow)");
  });
});
