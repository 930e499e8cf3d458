/** kselftest's TAP 13, read by perl's TAP::Parser, which `prove` is made of. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { available } from "../../test/tools.ts";
import { isBad, isSkipped } from "../result/result.ts";
import { readKtap } from "../test/ktap-reader.ts";
import { daemonSample, hostileText, parserSample, skippedSample } from "../test/samples.ts";
import { renderKselftest } from "./kselftest.ts";

/** Bytes that the reader may answer. */
const ROOM = 1 << 26;

/** Reads streams from stdin as a JSON list; writes for each its version, plan, parse errors, and points. */
const SCRIPT = `
use strict; use TAP::Parser; use JSON::PP;
local $/; my @out;
for my $tap (@{decode_json(<STDIN>)}) {
  my $p = TAP::Parser->new({tap => $tap}); my @points;
  while (my $r = $p->next) {
    push @points, [$r->is_actual_ok ? 1 : 0, $r->description, $r->has_skip ? 1 : 0] if $r->is_test;
  }
  push @out, {version => 0 + $p->version, plan => $p->plan, errors => [$p->parse_errors], points => \\@points,
    skipped => $p->skip_all ? 1 : 0};
}
print encode_json(\\@out);
`;

interface Read {
  readonly version: number;
  readonly plan: string;
  readonly errors: readonly string[];
  readonly points: readonly (readonly [0 | 1, string, 0 | 1])[];
  readonly skipped: 0 | 1;
}
const prove = (...streams: readonly string[]): Read[] =>
  JSON.parse(
    execFileSync("perl", ["-e", SCRIPT], {
      input: JSON.stringify(streams),
      encoding: "utf8",
      maxBuffer: ROOM,
    }),
  );

const TOTALS = /\n# Totals: pass:(\d+) fail:(\d+) xfail:(\d+) xpass:(\d+) skip:(\d+) error:(\d+)\n$/;

describe("kselftest's TAP", () => {
  it("is flat, by the letter of the dialect, and its totals add up", () => {
    const text = renderKselftest([parserSample(), daemonSample()]);
    const points = readKtap(text.slice(0, -1).split("\n"), "TAP version 13");
    expect(points[0]?.name).toBe("parser.rfc-v2.fmap.header.underflow");
    const [pass, fail, xfail, xpass, skip, error] = (TOTALS.exec(text) ?? []).slice(1).map(Number);
    expect([fail, xpass]).toEqual([4, 1]);
    expect((fail as number) + (xpass as number) + (error as number)).toBe(points.filter((p) => !p.ok).length);
    expect(xfail).toBe(points.filter((p) => p.directive === "XFAIL").length);
    expect(skip).toBe(points.filter((p) => p.directive === "SKIP").length);
    expect(pass).toBe(points.filter((p) => p.ok && p.directive === null).length);
    expect(error).toBe(points.filter((p) => p.directive === "ERROR" || p.directive === "TIMEOUT").length);
  });

  it("is one skip when nothing could be tested", () => {
    const one = skippedSample();
    expect(renderKselftest([one])).toBe(
      "TAP version 13\n1..0 # SKIP not checked: any rule: the subject cannot be asked about one\n",
    );
    const other = { ...one, conclusion: { ...one.conclusion, reasons: ["for # another reason"] } };
    expect(renderKselftest([other])).toBe("TAP version 13\n1..0 # SKIP for  another reason\n");
    expect(renderKselftest([other, other])).toBe("TAP version 13\n1..0 # SKIP for  another reason\n");
  });

  it("skips the end of a run that is inconclusive, and counts a warning as passed", () => {
    const rules = [{ rule: "fmap/total/wraps", outcome: "passed", messages: 1, failed: 0 }] as const;
    const text = renderKselftest([
      parserSample("x", { rules, counterexamples: [], findings: [], complete: false }),
      daemonSample(),
    ]);
    expect(text).toContain(
      " parser.rfc-v2.run.complete # SKIP not checked: the rest of the run: it did not come to its end\n",
    );
    expect(text).toContain("\n# parser.rfc-v2 INCONCLUSIVE: 2 passed, 0 failed, ");
    expect(text).toMatch(/\n# robustness\/survives: warning: answers nothing\n# reproduce: .*\nok /);
  });
});

describe.runIf(available("perl", "perl"))("kselftest's TAP as prove reads it", () => {
  it("is read as written, whatever a subject says", () => {
    const texts = fc.sample(hostileText(), { numRuns: 100, seed: 1 });
    const runs = texts.map((text) => [parserSample(text), daemonSample(text)]);
    const output = prove(...runs.map((results) => renderKselftest(results)));
    for (const [i, results] of runs.entries()) {
      const tests = results.flatMap((r) => r.tests.map((t) => ({ ...t, suite: r.suite })));
      expect(output[i]).toMatchObject({ version: 13, plan: `1..${tests.length}`, errors: [], skipped: 0 });
      expect(output[i]?.points).toEqual(
        tests.map((t) => [
          isBad(t) ? 0 : 1,
          expect.stringContaining(`${t.suite}.rfc-v2.${t.id.replaceAll("/", ".")}`),
          isSkipped(t) ? 1 : 0,
        ]),
      );
    }
    expect(prove(renderKselftest([skippedSample()]))[0]).toMatchObject({
      errors: [],
      points: [],
      skipped: 1,
    });
  });
});
