import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { daemonSuite, failuresOf, profiles, renderReport, replay, UsageError } from "./index.ts";

const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");
const daemon = (...options: string[]) => [process.execPath, MAIN, "reference-daemon", ...options];

describe("the daemon suite", () => {
  it("has nothing to say of a daemon that is right", async () => {
    const report = await daemonSuite(daemon("--profile", "v10"), { profile: profiles.v10, seed: 1 });
    expect(failuresOf(report)).toEqual([]);
    expect(report.tree.mapped).toBeGreaterThan(10);
    expect(renderReport("text", report)).toContain("CONFORMING");
    expect(renderReport("ktap", report)).toMatch(/^KTAP version 1/);
  });

  it("names the requirement that one breaks", async () => {
    const counts: number[] = [];
    const report = await daemonSuite(
      { command: daemon("--fault", "overlap-in-file", "{mountpoint}"), channel: "auto", via: "direct" },
      { seed: 1, progress: ({ done }) => counts.push(done) },
    );
    expect(failuresOf(report)).toEqual([
      expect.stringMatching(/^daemon\/fmap\/no-overlap-in-file: extent 0 and extent 1 share byte/),
    ]);
    expect(counts.length).toBeGreaterThan(0);
  });

  it("stores a session that failed, which is played again", async () => {
    const { session } = await daemonSuite(daemon("--fault", "map-of-another-while-open"), { seed: 1 });
    if (session === undefined) throw new Error("no session failed");
    expect((await replay(session)).outcome).toBe("failed");
    expect(await replay(session, daemon())).toEqual({ outcome: "fixed", now: [] });
    await expect(replay(session, { kind: "embedded" })).rejects.toThrow("it is about a daemon");
  });

  it("refuses what it cannot do", async () => {
    const open = Object.values(profiles).find((p) => "initBit" in p.open);
    if (open === undefined) throw new Error("every revision's INIT bit is established");
    await expect(daemonSuite(daemon(), { profile: open })).rejects.toThrow(UsageError);
    await expect(daemonSuite(daemon(), { mutate: "true" })).rejects.toThrow(
      "mutate and expectAfter go together",
    );
    const nothing = { format: "no-manifest" } as never;
    await expect(daemonSuite(daemon(), { expect: nothing })).rejects.toThrow(
      "what is expected is no manifest",
    );
  });

  it("does not go on when it is told to stop", async () => {
    const report = await daemonSuite(daemon(), { seed: 1, timeout: 4000, signal: AbortSignal.abort() });
    expect(failuresOf(report)).toEqual(["not checked: the rest of the run: the run was interrupted"]);
  });
});
