/** A random session that a daemon failed: stored as a file, and played again from that file alone. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { sealed } from "../base/digest.ts";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { inHeader, outHeader } from "../spec/index.ts";
import type { StoredSession } from "../suites/index.ts";
import { TRUE } from "../test/trivial-programs.ts";
import { fmapspec, type Ran, scratch } from "./test/command.ts";

const folder = scratch();
const reference = [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js"), "reference-daemon"];
const faulty = (fault: string) => [...reference, "--fault", fault, "{mountpoint}"];

const certify = (out: string, fault: string, ...options: string[]) =>
  fmapspec("daemon", "--seed", "1", "--out", join(folder, out), ...options, "--", ...faulty(fault));

const sessionIn = (out: string) => {
  const sessions = join(folder, out, "failures");
  const [name, ...others] = readdirSync(sessions);
  expect(others).toEqual([]);
  const path = join(sessions, name as string);
  return { path, session: JSON.parse(readFileSync(path, "utf8")) as StoredSession };
};

describe("a fault that only a session shows", () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await certify("open", "map-of-another-while-open");
  }, 60_000);

  it("fails the run, with the shortest session and the line that plays it again", () => {
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(
      /FAILED daemon\/fmap\/stable-again: .*\n {2}GET_FMAP of (.*): another map\n {2}in a session of 6 steps and \d+ messages, on a daemon that was just started: lookup \1; open \1; lookup \1; lookup \1; lookup \1; getFmap \1\n {2}consequence: /,
    );
    expect(
      ran.stdout.endsWith(`\nreproduce\n  fmapspec replay ${relative(".", sessionIn("open").path)}\n`),
    ).toBe(true);
  });

  it("is stored with every byte that was said", () => {
    const { session } = sessionIn("open");
    expect(misfit("session", session)).toBeNull();
    expect(session).toMatchObject({
      rule: "daemon/fmap/stable-again",
      repeats: { tries: 3, failed: 3 },
      seed: 1,
    });
    expect(session.files.map((f) => f.path)).toEqual([(session.steps[0] as { path: string }).path]);
    const said = session.transcript.map(({ from, opcode, bytes }) => {
      const message = Buffer.from(bytes, "hex");
      const { len, unique } = (from === "kernel" ? inHeader : outHeader).read(message);
      expect(len).toBe(message.length);
      return { from, opcode, unique };
    });
    expect(said.slice(0, 2)).toEqual([
      { from: "kernel", opcode: "INIT", unique: 2n },
      { from: "daemon", opcode: "INIT", unique: 2n },
    ]);
    const { fmap } = session.files[0] as { fmap: string };
    const maps = session.transcript.filter((s) => s.from === "daemon" && s.opcode === "GET_FMAP");
    expect(maps.length).toBe(1);
    expect(maps[0]?.bytes.slice(2 * outHeader.size)).not.toBe(fmap);
  });

  it("is FAILED by the stored daemon, FIXED by a good one, DIFFERENT by one with another fault", async () => {
    const { path } = sessionIn("open");
    const replay = (...args: string[]) => fmapspec("replay", path, ...args);
    expect(await replay()).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^FAILED daemon\/fmap\/stable-again: GET_FMAP of .*: another map\n$/),
    });
    expect(await replay("--channel", "stream")).toMatchObject({ status: 1 });
    expect(await replay("--", ...reference)).toMatchObject({
      status: 0,
      stdout: "FIXED daemon/fmap/stable-again\n",
    });
    const other = await replay("--", ...faulty("major-8"));
    expect(other.status).toBe(1);
    expect(other.stdout).toMatch(
      /^DIFFERENT daemon\/fmap\/stable-again: now it breaks daemon\/init\/version: .*\n {2}when it was stored: GET_FMAP of/,
    );
    const dead = await replay("--timeout", "1000", "--", "sh", "-c", "exit 3", "{mountpoint}");
    expect(dead).toMatchObject({ status: 3, stderr: expect.stringMatching(/it ended with status 3/) });
    const absent = await replay("--", "/nowhere/daemon");
    expect(absent).toMatchObject({ status: 3, stderr: expect.stringMatching(/no such program/) });
  });
});

describe("replay --shrink of a session", () => {
  it("finds a shorter one that breaks the same, and says when there is none", async () => {
    const { session, path } = sessionIn("open");
    expect((await fmapspec("replay", "--shrink", path)).stdout).toMatch(/\n {2}nothing shorter fails\n$/);
    const { path: file } = session.files[0] as { path: string };
    const idle = [{ kind: "lookup", path: file }, { kind: "getattr", path: file }, { kind: "end" }];
    const longer = join(folder, "longer.json");
    writeFileSync(longer, JSON.stringify(sealed({ ...session, steps: [...idle, ...session.steps] })));
    const [, shown] =
      /\n {2}6 steps: (.*)\n$/.exec((await fmapspec("replay", "--shrink", longer)).stdout) ?? [];
    const shorter = JSON.parse(readFileSync(shown as string, "utf8")) as StoredSession;
    expect(misfit("session", shorter)).toBeNull();
    expect(shorter.steps).toEqual(session.steps);
    expect(shorter.repeats).toEqual({ tries: 3, failed: 3 });
  }, 240_000);
});

it("what many sessions together bring about is stored with all of them", async () => {
  const ran = await certify("many", "lookups-run-out");
  expect(ran.stdout).toMatch(/FAILED daemon\/tree\/lookup-count: [\s\S]*LOOKUP of .*: ENFILE/);
  const { path, session } = sessionIn("many");
  expect(session.repeats).toEqual({ tries: 3, failed: 3 });
  const lookups = session.transcript.filter((s) => s.from === "kernel" && s.opcode === "LOOKUP");
  expect(lookups.length).toBeGreaterThan(250);
  expect((await fmapspec("replay", path)).stdout).toMatch(/^FAILED daemon\/tree\/lookup-count/);
});

describe("a session that cannot be played", () => {
  const stored = {
    format: "fmapspec-session",
    version: 1,
    profile: "rfc-v2",
    seed: 1,
    rule: "daemon/fmap/stable-again",
    detail: "why",
    repeats: { tries: 3, failed: 3 },
    versions: { fmapspec: "0", fastCheck: "4", node: "20" },
    subject: { command: [...reference, "{mountpoint}"], channel: "auto", via: "direct" },
    files: [{ path: "/data/whole", size: "4194304", fmap: "00" }],
    steps: [{ kind: "lookup", path: "/data/whole" }],
    transcript: [],
  };

  it.each<[string, object, string[], RegExp]>([
    ["for want of its file", { files: [] }, [], /the session has no file \/data\/whole/],
    [
      "by any kernel",
      { steps: [{ kind: "getattr", path: "/data/whole" }] },
      [],
      /no kernel does that at this point of a session: \{"kind":"getattr"/,
    ],
    ["for its form", { steps: [{ kind: "dance", path: "/a" }] }, [], /is no session file: \/steps\/0/],
    ["for its profile", { profile: "v99" }, [], /there is no profile 'v99'/],
    ["with a parser", {}, ["--protocol", "exec", "--", ...TRUE], /--protocol does not go with a session/],
  ])("%s", async (name, overrides, args, message) => {
    const path = join(folder, `${name.replaceAll(" ", "-")}.json`);
    writeFileSync(path, JSON.stringify({ ...stored, ...overrides }));
    const ran = await fmapspec("replay", path, ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});
