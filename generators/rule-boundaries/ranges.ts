import { type RuleId, TWO_TO_63, TWO_TO_64 } from "../../spec/index.ts";
import type { Boundaries, Words } from "./words.ts";

/** The checks of a range, alone and as the strip of an interleaved extent. */
export function rangeBoundaries(words: Words): Boundaries {
  const { unit, devindexes, range, striped } = words;
  type Range = ReturnType<typeof range>;
  const found: Boundaries = {};
  for (const kind of ["simple", "strip"] as const) {
    /** An extent that serves one byte of the file, so that no other check fails. */
    const put = (...ranges: Range[]) =>
      words.message(kind === "simple" ? ranges : ranges.map((r) => striped([r], { ie_nbytes: "1" })), {
        file_size: "1",
      });
    const on = (se_devindex: number) => put(range(0n, unit, { se_devindex }));
    const at = (offset: bigint) => put(range(offset, unit));
    const long = (length: bigint) => put(range(0n, length));
    const indexes = new Set([0, 1, devindexes - 1, devindexes, 30, 31, 32, 63, 64, 0x100, 0xffffffff]);
    const rule = (check: string) => `fmap/${kind}/${check}` as RuleId;
    found[rule("devindex")] = Object.fromEntries([...indexes].map((n) => [`${n}`, on(n)]));
    found[rule("offset-alignment")] = {
      zero: at(0n),
      unit: at(unit),
      "unit-less-1": at(unit - 1n),
      "unit-and-1": at(unit + 1n),
      "half-a-unit": at(unit / 2n),
      "512": at(512n),
      "4096": at(4096n),
      "2-63": at(TWO_TO_63),
      "2-63-and-8": at(TWO_TO_63 + 8n),
      "second-of-two": put(range(0n, unit), range(unit / 2n, unit)),
    };
    found[rule("length-alignment")] = {
      "two-units": long(2n * unit),
      "unit-less-1": long(unit - 1n),
      "unit-and-1": long(unit + 1n),
      "half-a-unit": long(unit / 2n),
      "1": long(1n),
      "512": long(512n),
      "4096": long(4096n),
      "2-63": long(TWO_TO_63),
      "2-63-and-8": long(TWO_TO_63 + 8n),
      "second-of-two": put(range(0n, unit), range(unit, unit / 2n)),
    };
    found[rule("end-overflow")] = {
      "ends-a-unit-below-2-64": put(range(TWO_TO_64 - 2n * unit, unit)),
      "ends-at-2-64": put(range(TWO_TO_64 - unit, unit)),
      "ends-a-unit-above-2-64": put(range(TWO_TO_64 - unit, 2n * unit)),
      "and-misaligned": put(range(TWO_TO_64 - unit + 1n, unit)),
    };
    const total = (first: bigint, second: bigint) => put(range(0n, first), range(0n, second));
    found[rule("total-overflow")] = {
      "a-unit-below-2-64": total(TWO_TO_63, TWO_TO_63 - unit),
      "2-64": total(TWO_TO_63, TWO_TO_63),
      "a-unit-above-2-64": total(TWO_TO_63, TWO_TO_63 + unit),
    };
  }
  return found;
}
