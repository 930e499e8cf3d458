/** What a page makes of results; that the one in docs/ is of the results beside it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { type Figure, isMet, median } from "../part.ts";
import { misfit, written } from "../results.ts";
import { goalText, table } from "../table.ts";
import { performancePage } from "./performance.ts";
import { race } from "./race.ts";
import { matrices } from "./tables.ts";

const docs = (name: string) => readFileSync(join(PACKAGE_ROOT, "docs", name), "utf8");
const figure = (value: number, goal?: Figure["goal"], id = "part/thing/time"): Figure => ({
  id,
  unit: "s",
  value,
  ...(goal === undefined ? {} : { goal }),
});

describe("docs/performance.json", () => {
  const results = JSON.parse(docs("performance.json"));

  it("fits its schema, and is written as the bench writes it", () => {
    expect(misfit(results)).toBeNull();
    expect(written(results)).toBe(docs("performance.json"));
  });

  it("is what the page and the pictures were made from: npm run bench:page", () => {
    const { page, pictures } = performancePage(results);
    expect(page).toBe(docs("performance.md"));
    expect(pictures.length).toBeGreaterThan(0);
    for (const { file, svg } of pictures) expect(svg).toBe(docs(`images/${file}.svg`));
  });

  it("is of a real run: a smoke's numbers mean nothing", () => {
    expect(Object.values(results.parts as object).map((part) => part.quick)).not.toContain(true);
  });
});

describe("a goal", () => {
  it.each([
    [figure(1.5, { atMost: 1.5 }), true, "at most 1.5: met"],
    [figure(3, { atMost: 1.5 }), false, "at most 1.5: MISSED by 100 %"],
    [figure(90, { atLeast: 100 }), false, "at least 100: MISSED by 10 %"],
    [figure(20_000, { atLeast: 10_000 }), true, "at least 10,000: met by 100 %"],
    [figure(7), true, ""],
  ])("%j is met: %s", (f, met, text) => {
    expect([isMet(f), goalText(f)]).toEqual([met, text]);
  });

  it("that is missed stands in the table of its part", () => {
    const part = { at: "2026-01-02T03:04:05Z", load: 0.5, scheduling: "other", quick: false, notes: ["why"] };
    const text = table("part", { ...part, figures: [figure(3, { atMost: 1.5 })] });
    expect(text.trim().split("\n")).toEqual([
      "part (2026-01-02T03:04, load 0.5, scheduling other)",
      "  thing/time  3 s    at most 1.5: MISSED by 100 %",
      "  note: why",
    ]);
  });
});

describe("tables", () => {
  it("have what was measured down the side and its numbers across, and what has one number apart", () => {
    const all = [figure(1), figure(2, undefined, "part/other/time"), figure(3, undefined, "part/alone")];
    expect(matrices(all)).toEqual([
      "|  | time |\n| --- | --: |\n| thing | 1 s |\n| other | 2 s |",
      "|  |  |\n| --- | --: |\n| alone | 3 s |",
    ]);
  });

  it("know the middle", () => {
    expect([median([3, 1, 2]), median([])]).toEqual([2, Number.NaN]);
  });
});

describe("a race", () => {
  it("climbs by one step for each kill, and to the top for who leaves nothing alive", () => {
    const tried = (mutant: string, found: boolean, executions: number) => ({
      ...{ mutant, found, executions },
      ...{ compileSeconds: 1, compileCpu: 1, seconds: executions / 10, cpu: 0 },
    });
    const curve = (survivors: string[]) => ({
      finder: "a & b",
      patience: 1,
      tries: [tried("n", true, 100), tried("m", true, 1), ...survivors.map((s) => tried(s, false, 999))],
    });
    const path = (survivors: string[]) =>
      /d="(M52 [^"]*)"/.exec(race("t", "u", [curve(survivors)], (t) => t.executions))?.[1];
    expect(path([])).toBe("M52 304H52V174H492V44H492");
    expect(path(["x", "y"])).toBe("M52 304H52V239H492V174H492");
    expect(race("t", "u", [curve([])], (t) => t.seconds)).toContain("a &amp; b");
  });
});
