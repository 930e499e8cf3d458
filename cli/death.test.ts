/** A daemon that died or hung: stored with what it was asked, asked that again, and made shorter. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sealed } from "../base/digest.ts";
import { misfit } from "../base/schema-check.ts";
import { type Frailty, frailDaemon } from "../suites/daemon/test/frail-daemon.ts";
import type { RequirementFailure } from "../suites/index.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const replay = (...args: string[]) => fmapspec("replay", ...args);
const failureIn = (path: string) => JSON.parse(readFileSync(path, "utf8")) as RequirementFailure;

let daemons = 0;

/** The stored death of such a daemon. */
async function death(frailty: Frailty): Promise<{ path: string; failure: RequirementFailure }> {
  const name = `d${daemons++}`;
  const out = join(folder, name);
  const command = frailDaemon(folder, name, frailty);
  await fmapspec("daemon", "--seed", "1", "--timeout", "1000", "--out", out, "--", ...command);
  const rule = frailty.how === "hangs" ? "daemon-reply-answered" : "daemon-life-stays";
  const [file] = readdirSync(join(out, "failures")).filter((n) => n.startsWith(`${rule}-requirement`));
  const path = join(out, "failures", file as string);
  const failure = failureIn(path);
  expect(misfit("requirement-failure", failure)).toBeNull();
  return { path, failure };
}

const sound = () => frailDaemon(folder, `sound${daemons++}`, null);

const asked = ({ requests = [] }: RequirementFailure) =>
  requests.map(({ opcode, path, paths }) => `${opcode} of ${path ?? paths}`);

describe("a daemon that goes", () => {
  it.each<[Frailty, string[]]>([
    [{ how: "dies", opcode: "LOOKUP", path: "/boom" }, ["LOOKUP of /"]],
    [{ how: "dies", opcode: "GETATTR", path: "/dir/d" }, ["GETATTR of /dir/d"]],
    [{ how: "dies", opcode: "RELEASE", path: "/boom" }, ["RELEASE of /boom"]],
    [{ how: "leaves", opcode: "FORGET", path: "/boom" }, ["FORGET of /boom"]],
    [{ how: "hangs", opcode: "GETATTR", path: "/boom" }, ["GETATTR of /boom"]],
  ])("at %j is asked that alone in the end", { timeout: 120_000 }, async (frailty, least) => {
    const { path, failure } = await death(frailty);
    const end = `${failure.rule}: at ${frailty.opcode}`;
    expect(await replay(path)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(`^FAILED ${end}[^\n]*\n$`),
    });
    const shrunk = await replay("--shrink", path);
    const [, shorter] =
      /^FAILED .*\n {2}1 request: (.*)\n$/.exec(shrunk.stdout) ?? expect.fail(shrunk.stdout);
    const { digest: _, ...smaller } = failureIn(shorter as string) as RequirementFailure & { digest: string };
    expect(misfit("requirement-failure", smaller)).toBeNull();
    expect(smaller).toMatchObject({ shortened: true, path: failure.path, seed: 1 });
    expect(smaller.decoded.request?.opcode).toBe(frailty.opcode);
    expect(asked(smaller)).toEqual(least);
    expect((await replay("--shrink", shorter as string)).stdout).toMatch(
      /^FAILED .*\n {2}nothing shorter fails\n$/,
    );
    expect(await replay(shorter as string, "--", ...sound())).toMatchObject({
      status: 0,
      stdout: `FIXED ${failure.rule}\n`,
    });
  });

  it("at the third GET_FMAP is asked for three maps in the end", { timeout: 120_000 }, async () => {
    const { path } = await death({ how: "dies", opcode: "GET_FMAP", each: 3 });
    const { stdout } = await replay("--shrink", path);
    const [, shorter] = /^FAILED .*\n {2}3 requests: (.*)\n$/.exec(stdout) ?? expect.fail(stdout);
    expect(failureIn(shorter as string).requests?.map((r) => r.opcode)).toEqual(Array(3).fill("GET_FMAP"));
    expect((await replay(shorter as string)).stdout).toMatch(/^FAILED daemon\/life\/stays: at GET_FMAP of /);
  });
});

it("where the requests do not show it, the suite does", { timeout: 120_000 }, async () => {
  const { path, failure } = await death({ how: "dies", opcode: "OPEN", path: "/boom" });
  const { digest: _, ...other } = failure as RequirementFailure & { digest?: string };
  writeFileSync(path, JSON.stringify(sealed({ ...other, requests: [{ opcode: "STATFS", path: "/" }] })));
  expect(await replay("--shrink", path)).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^FAILED .*\n {2}the stored requests do not show it alone: /),
  });
  // A file of a version that kept no requests.
  const { requests, ...older } = other;
  writeFileSync(path, JSON.stringify(sealed(older)));
  expect((await replay("--shrink", path)).stderr).toContain("--shrink does not go with a requirement");
  expect((await replay(path)).stdout).toMatch(/^FAILED daemon\/life\/stays: \/boom: at OPEN of /);
  const elsewhere = [{ opcode: "GETATTR", path: "/nowhere" }, ...(requests ?? [])];
  writeFileSync(path, JSON.stringify(sealed({ ...other, path: "/b", requests: elsewhere })));
  expect((await replay(path)).stdout).toMatch(/^DIFFERENT .*\n {2}when it was stored: \/b: /);
});
