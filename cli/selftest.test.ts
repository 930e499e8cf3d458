/** What a selftest says of its mutants: which are where they belong, and which rules nothing proves. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { RULES, type RuleId } from "../spec/index.ts";
import { SubjectError } from "../suites/index.ts";
import { type Mutant, type MutantResult, readMutants, Selftest } from "../suites/selftest.ts";
import { fmapspec } from "./test/command.ts";

vi.mock("../suites/selftest.ts");

const mutant = (name: string, equivalent: string | null = null): Mutant => ({
  name,
  subject: "",
  rule: "fmap/header/underflow",
  equivalent,
  patch: "",
});
const fates = new Map<string, Omit<MutantResult, "mutant"> | Error>();
const caught = (messages: number, ...rules: RuleId[]) => ({ messages, seconds: 0.5, rules, longest: 32 });
const SURVIVES = { messages: null, seconds: 1, rules: [], longest: 0 };

beforeEach(() => {
  fates.clear();
  const dispose = vi.fn(async () => {});
  vi.mocked(Selftest.prepare).mockResolvedValue({
    dispose,
    try: async (m: Mutant) => {
      const fate = fates.get(m.name);
      if (fate === undefined || fate instanceof Error) throw fate;
      return { mutant: m, ...fate };
    },
  } as unknown as Selftest);
});

function among(...mutants: [Mutant, Omit<MutantResult, "mutant"> | Error][]): void {
  for (const [m, fate] of mutants) fates.set(m.name, fate);
  vi.mocked(readMutants).mockResolvedValue(mutants.map(([m]) => m));
}

describe("a selftest", () => {
  it("passes when each mutant is caught but those that nobody can tell, and each rule is broken alone", async () => {
    const rules = RULES.filter((r) => r.needs === "message").map((r) => r.id);
    among(
      ...rules.map((rule, i): [Mutant, MutantResult | ReturnType<typeof caught>] => [
        mutant(`m${i}`),
        caught(i + 1, rule),
      ]),
      [mutant("same", "it is the same"), SURVIVES],
    );
    const { status, stdout } = await fmapspec("selftest", "--jobs", "3");
    expect(status).toBe(0);
    expect(stdout).toContain("equivalent: same: it is the same\n");
    const n = rules.length;
    expect(stdout).toContain(
      `\n${n + 1} mutants: ${n} caught, 1 not; median ${1 + (n >> 1)} messages, 0.500 s; last m${n - 1} after ${n} messages, 0.50 s\n`,
    );
    expect(stdout.endsWith("\nevery mutant is where it belongs\n")).toBe(true);
  });

  it("fails when one survives, or is caught that should not be, or a rule is proven by none", async () => {
    among(
      [mutant("good"), caught(5, "fmap/header/underflow")],
      [mutant("alive"), SURVIVES],
      [mutant("seen", "nobody sees it"), caught(3, "fmap/total/wraps", "fmap/map/simple")],
    );
    const { status, stdout } = await fmapspec("selftest");
    expect(status).toBe(1);
    expect(stdout).not.toMatch(/^(ok|WRONG) +good/m);
    expect(stdout).toContain("WRONG alive: survives\n");
    expect(stdout).toContain(
      "WRONG seen: caught after 3 messages, shrunk to 32 bytes, breaks fmap/total/wraps, fmap/map/simple\n",
    );
    expect(stdout).toContain("WRONG no mutant breaks fmap/total/wraps and nothing else\n");
    expect(stdout).not.toContain("WRONG no mutant breaks fmap/header/underflow");
  });

  it("of some mutants says nothing of rules", async () => {
    among([mutant("one"), caught(1, "fmap/map/simple")], [mutant("two"), new Error("is not to be tried")]);
    const { status, stdout } = await fmapspec("selftest", "-v", "on*");
    expect(stdout).toMatch(/^ok {4}one: caught after 1 messages/);
    expect(stdout).not.toContain("no mutant breaks");
    expect(status).toBe(0);
  });

  it("says that it could not be done", async () => {
    among([mutant("odd"), new SubjectError("mutant odd does not compile: why")]);
    expect(await fmapspec("selftest")).toEqual({
      status: 3,
      stdout: "",
      stderr: "fmapspec: mutant odd does not compile: why\n",
    });
  });
});
