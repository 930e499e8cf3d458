/** The program as it is started: exit status, what goes to stdout and what to stderr, and when a stream cannot be written. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FALSE } from "../test/trivial-programs.ts";
import { scratch } from "./test/command.ts";
import { fmapspecProcess, MAIN } from "./test/process.ts";

const folder = scratch();
const out = (name: string) => ["--out", join(folder, name)];

describe("the exit status", () => {
  it("is 0 for a parser that conforms, and nothing is said beside the report", async () => {
    const ran = await fmapspecProcess(["parser", "--runs", "500", ...out("good")]);
    expect(ran).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("\nCONFORMING: ") });
  });

  it("is 1 for one that does not", async () => {
    const args = ["parser", "--runs", "8", "--protocol", "exec", ...out("bad"), "--", ...FALSE];
    const ran = await fmapspecProcess(args);
    expect(ran).toMatchObject({
      status: 1,
      stderr: "",
      stdout: expect.stringContaining("\nNOT CONFORMING: "),
    });
  });

  it.each([
    [
      ["parser", "--frob"],
      {},
      2,
      /^fmapspec: there is no option '--frob'; fmapspec parser --help lists the options\n$/,
    ],
    [["constructor"], {}, 2, /^fmapspec: there is no command 'constructor'; there are .*\n$/],
    [
      ["parser", ...out("none"), "--", "/no/such"],
      {},
      3,
      /^fmapspec: cannot start '\/no\/such': no such program.*\n$/,
    ],
    [["parser", ...out("tmp")], { TMPDIR: "/no/such" }, 3, /^fmapspec: the system refused: ENOENT.*\n$/],
  ])("of %j with %j is %i, after one sentence", async (args, env, status, stderr) => {
    const ran = await fmapspecProcess(args, { env });
    expect(ran).toMatchObject({ status, stdout: "", stderr: expect.stringMatching(stderr) });
  });
});

describe("standard output", () => {
  const shell = (script: string) =>
    spawnSync("sh", ["-c", script, process.execPath, MAIN], { cwd: folder, encoding: "utf8" });

  it("may be closed without a run passing that does not", () => {
    const { stderr } = shell(
      '("$0" "$1" parser --runs 8 --protocol exec -- sh -c "exit 1"; echo "status $?" >&2) | :',
    );
    expect(stderr).toBe("status 1\n");
  });

  it.each(["list", "parser --runs 5"])("that cannot be written is told, for %s", (command) => {
    const { status, stderr } = shell(`"$0" "$1" ${command} > /dev/full`);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "fmapspec: cannot write to standard output: the disk is full\n",
    });
  });
});

describe("standard input", () => {
  it("is where judge takes a message from, and driver its requests", async () => {
    const judged = await fmapspecProcess(["judge", "-"], { stdin: "00 01\n" });
    expect(judged).toMatchObject({
      status: 1,
      stderr: "",
      stdout: expect.stringMatching(/^2 bytes, judged as /),
    });
    const driven = await fmapspecProcess(["driver", "--protocol", "exec"], { stdin: "" });
    expect(driven).toEqual({ status: 1, stdout: "EINVAL\n", stderr: "" });
  });
});
