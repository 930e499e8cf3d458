import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, ERRNO, type Manifest, manifestFromJson, OPCODES } from "../../../spec/index.ts";
import { DEFAULT_MANIFEST } from "../../../subjects/reference/default-manifest.ts";
import { type Change, errnoReply, inProcess } from "../test/in-process.ts";
import { checkMutation, runMutation } from "./mutation.ts";

const { getFmap } = DEFAULT_PROFILE.opcodes;
const SERVED = manifestFromJson(DEFAULT_MANIFEST);
const only = (...paths: string[]): Manifest => ({
  ...SERVED,
  files: SERVED.files.filter((f) => paths.includes(f.path)),
});

/** What fails where the daemon goes on to serve its manifest, and `after` was meant; `rule path: detail`. */
async function failures(after: Manifest, before: readonly string[] = [], change?: Change) {
  const { kernel, ledger } = inProcess(change);
  Object.assign(kernel.connection, { daemon: { pid: process.pid } });
  const why = await checkMutation(kernel, { command: "true", after }, before);
  expect(why).toBeNull();
  return ledger.failures.map((f) => `${f.rule} ${f.path}: ${f.detail}`);
}

describe("the command", () => {
  it("is told of the daemon", async () => {
    expect(await runMutation('test "$FMAPSPEC_DAEMON" = 4711', 4711)).toBeNull();
  });

  it("may fail, or take too long", async () => {
    expect(await runMutation("echo because >&2; exit 3", 1)).toBe(
      "the command of --mutate ended with status 3: because",
    );
    expect(await runMutation(`exec '${process.execPath}' -e 'setTimeout(() => {}, 60000)'`, 1, 50)).toBe(
      "the command of --mutate was killed by SIGKILL",
    );
  });

  it("that fails leaves nothing to compare", async () => {
    const { kernel, ledger } = inProcess();
    Object.assign(kernel.connection, { daemon: { pid: process.pid } });
    expect(await checkMutation(kernel, { command: "exit 1", after: SERVED }, [])).toMatch(/status 1$/);
    expect(ledger.failures).toEqual([]);
  });
});

describe("what is served after a change", () => {
  it("is what was meant", async () => {
    expect(await failures(SERVED, ["/data/whole"])).toEqual([]);
  });

  it("lacks a file, or has one too many", async () => {
    const more = { ...only("/data/whole"), files: [{ ...SERVED.files[0], path: "/data/none" }] };
    expect(await failures(more as Manifest, ["/data/whole", "/data/part", "/gone"])).toEqual([
      "daemon/change/map /data/none: the second manifest lists it, and the daemon does not serve it",
      expect.stringMatching(
        /^daemon\/change\/gone-file \/data\/whole: LOOKUP still finds it, as nodeid \d+$/,
      ),
      expect.stringMatching(/^daemon\/change\/gone-file \/data\/part: /),
    ]);
  });

  it("has other bytes, sizes and types", async () => {
    const [whole] = only("/data/whole").files;
    if (whole === undefined) throw new Error("no such file");
    const meant = (map: object) =>
      ({ ...SERVED, files: [{ ...whole, map: { ...whole.map, ...map } }] }) as Manifest;
    expect(await failures(meant({ fileSize: 5n }))).toEqual([
      "daemon/change/size /data/whole: LOOKUP gives the size 4194304, meant was 5",
      "daemon/change/map /data/whole: the file is 4194304 bytes long, meant were 5",
    ]);
    expect(await failures(meant({ fileType: 2 }))).toEqual([
      "daemon/change/map /data/whole: file_type is 0 (regular), meant was 2 (log)",
    ]);
  });

  it("has no map", async () => {
    const refused: Change = ({ opcode }) => (opcode === getFmap ? errnoReply(ERRNO.EIO) : null);
    expect(await failures(only("/data/whole"), [], refused)).toEqual([
      "daemon/change/map /data/whole: it has no map: GET_FMAP is answered with EIO",
    ]);
    const empty: Change = ({ opcode }) =>
      opcode === getFmap ? { kind: "reply", error: 0, body: new Uint8Array(8) } : null;
    expect(await failures(only("/data/whole"), [], empty)).toEqual([
      expect.stringMatching(/^daemon\/change\/map .* the kernel refuses it with EINVAL/),
    ]);
    const silent: Change = ({ opcode }) => (opcode === OPCODES.GETATTR ? errnoReply(ERRNO.EIO) : null);
    expect(await failures(only("/data/whole"), [], silent)).toEqual([
      "daemon/change/size /data/whole: GETATTR gives the size EIO, meant was 4194304",
    ]);
  });
});
