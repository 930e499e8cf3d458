/** What a selftest says of its mutants: which are where they belong, and which rules nothing proves. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { SubjectError } from "../base/errors.ts";
import { misfit } from "../base/schema-check.ts";
import { RULES, type RuleId } from "../spec/index.ts";
import type { Kind, Mutant, Trial } from "../suites/index.ts";
import { tryDaemon } from "../suites/studies/selftest/daemon-mutants.ts";
import { ParserMutants } from "../suites/studies/selftest/parser-mutants.ts";
import { tryRevision } from "../suites/studies/selftest/revision-mutants.ts";
import { fmapspec, scratch } from "./test/command.ts";

const planted = vi.hoisted(() => ({
  parser: [] as Mutant[],
  daemon: [] as Mutant[],
  revision: [] as Mutant[],
}));
vi.mock("../suites/studies/selftest/parser-mutants.ts", () => ({
  readMutants: async () => planted.parser,
  ParserMutants: { prepare: vi.fn() },
}));
vi.mock("../suites/studies/selftest/daemon-mutants.ts", () => ({
  daemonMutants: () => planted.daemon,
  tryDaemon: vi.fn(),
}));
vi.mock("../suites/studies/selftest/revision-mutants.ts", () => ({
  revisionMutants: () => planted.revision,
  tryRevision: vi.fn(),
}));

const folder = scratch();
const fates = new Map<string, Trial | Error>();
const disposed = vi.fn(async () => {});
const become = async ({ name }: Pick<Mutant, "name">) => {
  const fate = fates.get(name);
  if (fate === undefined || fate instanceof Error) throw fate;
  return fate;
};

const caught = (messages: number, ...rules: RuleId[]): Trial => ({
  messages,
  seconds: 0.5,
  rules,
  witness: 32,
});
const SURVIVES: Trial = { messages: null, seconds: 1, rules: [], witness: null };

function plant(kind: Kind, name: string, fate: Trial | Error, more: Partial<Mutant> = {}): void {
  planted[kind].push({ kind, name, subject: "it is odd", rule: null, equivalent: null, ...more });
  fates.set(name, fate);
}

/** A mutant for each rule that needs one, caught by it alone. */
function plantAll(): void {
  const rules = (needs: string) => RULES.filter((r) => r.needs === needs).map((r) => r.id);
  for (const [i, rule] of rules("message").entries()) plant("parser", `m${i}`, caught(i + 1, rule), { rule });
  for (const [i, rule] of rules("daemon").entries()) plant("daemon", `d${i}`, caught(9, rule), { rule });
}

beforeEach(() => {
  fates.clear();
  planted.parser = [];
  planted.daemon = [];
  planted.revision = [];
  disposed.mockClear();
  vi.mocked(ParserMutants.prepare).mockClear();
  vi.mocked(ParserMutants.prepare).mockResolvedValue({ try: become, dispose: disposed } as never);
  vi.mocked(tryDaemon).mockImplementation(async (_, name) => ({
    trial: await become({ name: name as string }),
    report: null as never,
  }));
  vi.mocked(tryRevision).mockImplementation(become);
});

describe("a selftest", () => {
  it("passes when each mutant is caught but those that nobody can tell, and each rule is broken alone", async () => {
    plantAll();
    plant("parser", "same", { ...SURVIVES, worlds: 12 }, { equivalent: "it is the same" });
    plant("revision", "a-as-b", caught(7, "fmap/header/underflow", "fmap/total/wraps"));
    const { status, stdout } = await fmapspec("selftest", "--jobs", "3");
    expect(status).toBe(0);
    expect(stdout).toContain(
      "equivalent: parser/same: it is the same (12 messages of small worlds answered alike)\n",
    );
    const n = planted.parser.length - 1;
    expect(stdout).toContain(
      `\nparser: ${n + 1} mutants, ${n} caught, 1 not; median ${1 + (n >> 1)} messages, 0.50 s, at most 0.50 s; last m${n - 1} after ${n} messages\n`,
    );
    expect(stdout).toMatch(/\ndaemon: \d+ mutants, .* median 9 requests/);
    expect(stdout.endsWith("\nevery mutant is where it belongs\n")).toBe(true);
    expect(disposed).toHaveBeenCalledOnce();
  });

  it("tries a daemon again that broke another requirement, too, and says so", async () => {
    plant("daemon", "other", new Error("is not to be tried"));
    plant("daemon", "late", caught(4, "daemon/init/version"), { rule: "daemon/init/version" });
    vi.mocked(tryDaemon).mockResolvedValueOnce({
      trial: caught(4, "daemon/init/version", "daemon/life/stays"),
      report: null as never,
    });
    const { status, stdout } = await fmapspec("selftest", "-v", "late");
    expect(stdout).toMatch(/^ok {4}daemon\/late: caught after 4 requests, in try 2, 0.50 s/);
    expect(status).toBe(0);
  });

  it("fails when one survives, or is caught that should not be, or by another rule, or a rule is proven by none", async () => {
    plantAll();
    planted.parser = planted.parser.filter((m) => m.rule !== "fmap/total/wraps");
    planted.daemon = planted.daemon.filter((m) => m.rule !== "daemon/life/stays");
    plant("parser", "alive", SURVIVES);
    plant("parser", "seen", caught(3, "fmap/total/wraps", "fmap/map/simple"), {
      equivalent: "nobody sees it",
    });
    plant("parser", "told", { ...SURVIVES, contradiction: "it says more" }, { equivalent: "nobody sees it" });
    plant("daemon", "other", caught(4, "daemon/init/version"), { rule: "daemon/life/stays" });
    const { status, stdout } = await fmapspec("selftest");
    expect(status).toBe(1);
    expect(stdout).not.toMatch(/^(ok|WRONG) +parser\/m1:/m);
    expect(stdout).toContain("WRONG parser/alive: survives\n");
    expect(stdout).toContain("WRONG parser/told: it says more\n");
    expect(stdout).toContain(
      "WRONG parser/seen: caught after 3 messages, 0.50 s, shrunk to 32 bytes, breaks fmap/total/wraps, fmap/map/simple\n",
    );
    expect(stdout).toMatch(
      /WRONG daemon\/other: caught after 4 requests, in try 2, .*breaks daemon\/init\/version\n/,
    );
    expect(stdout).toContain("WRONG no mutant breaks fmap/total/wraps and nothing else\n");
    expect(stdout).toContain("WRONG no mutant breaks daemon/life/stays and nothing else\n");
    expect(stdout).not.toContain("WRONG no mutant breaks fmap/header/underflow");
    expect(stdout.endsWith("\n6 are not where they belong\n")).toBe(true);
  });

  it.each([
    ["of a glob", ["on*"]],
    ["of a kind's glob", ["parser/on*"]],
  ])("%s says nothing of rules", async (_, globs) => {
    plant("parser", "one", caught(1, "fmap/map/simple"));
    plant("parser", "two", new Error("is not to be tried"));
    const { status, stdout } = await fmapspec("selftest", "-v", ...globs);
    expect(stdout).toMatch(/^ok {4}parser\/one: caught after 1 messages/);
    expect(stdout).not.toContain("no mutant breaks");
    expect(status).toBe(0);
  });

  it("of a kind tries these only, and holds their rules against them only", async () => {
    plantAll();
    const [parser] = planted.parser;
    fates.set(parser?.name as string, new Error("is not to be tried"));
    const { status, stdout } = await fmapspec("selftest", "daemon");
    expect(status).toBe(0);
    expect(stdout).not.toContain("parser: ");
    expect(ParserMutants.prepare).not.toHaveBeenCalled();
  });

  it("is written as JSON, and as a page that tells each mutant and each rule's", async () => {
    plant("parser", "one", caught(1, "fmap/map/simple"));
    plant("parser", "two|", { ...caught(1, "fmap/map/simple"), witness: null }, { subject: "a | b" });
    plant("parser", "three", caught(1, "fmap/map/simple"));
    plant("parser", "four", caught(1, "fmap/map/simple"));
    plant("parser", "alive", SURVIVES);
    plant("revision", "x-as-y", SURVIVES, { equivalent: "they are the same" });
    const path = join(folder, "s.json");
    const ran = await fmapspec("selftest", "--report", `json=${path}`, "--report", "markdown=-");
    expect(ran.status).toBe(1);
    const report = JSON.parse(readFileSync(path, "utf8"));
    expect(misfit("selftest", report)).toBeNull();
    expect(report).toMatchObject({ passed: false, complete: true });
    expect(ran.stdout).toMatch(/^# Selftest\n/);
    expect(ran.stdout).toContain("**Not every mutant is where it belongs.**");
    expect(ran.stdout).toContain(
      "| `fmap/map/simple` | 4 | parser/four, parser/one, parser/three and 1 more | 0 |\n",
    );
    expect(ran.stdout).toContain("| alive | it is odd |  |  | **survives** |");
    expect(ran.stdout).toContain("| two| | a \\| b | 1 |  | `fmap/map/simple` |");
    expect(ran.stdout).toContain("- x-as-y: it is odd. they are the same.");
    expect(ran.stdout).toContain("Without a mutant of its own: ");
    expect(ran.stdout).not.toContain("0.50 s");
  });

  it("says that it could not be done", async () => {
    plant("parser", "odd", new SubjectError("mutant odd does not compile: why"));
    expect(await fmapspec("selftest")).toEqual({
      status: 3,
      stdout: "",
      stderr: "fmapspec: mutant odd does not compile: why\n",
    });
  });

  it.each([
    [["nothing-*"], /no mutant matches nothing-\*/],
    [["--", "x"], /selftest starts no program/],
    [["--report", "pdf=x"], /there is no report 'pdf'; there are json, markdown/],
  ])("refuses %j", async (args, message) => {
    plant("parser", "one", caught(1, "fmap/map/simple"));
    const ran = await fmapspec("selftest", ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});
