/** Our oracle behind the driver protocol: what it answers in each of the three ways, and that this fits the schemas. */
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { TABLE, tableMessage } from "../../test/bad-driver.ts";
import type { Protocol } from "../driver/subject.ts";
import { serveDriver } from "./driver-server.ts";

/** Lets it read the pieces of input; returns its output and its exit status. */
async function served(protocol: Protocol, pieces: readonly (string | Uint8Array)[]) {
  const output = new PassThrough();
  const said = text(output.setEncoding("latin1"));
  const status = await serveDriver(
    DEFAULT_PROFILE,
    protocol,
    "1.2.3",
    Readable.from(
      pieces.map((piece) => Buffer.from(piece)),
      { objectMode: true },
    ),
    output,
  );
  output.end();
  return { status, output: Buffer.from(await said, "latin1") };
}

const LIMIT = tableMessage("fmap/header/nextents-limit");
const GOOD = tableMessage(null);

describe("in frames", () => {
  const frame = (hex: string) => {
    const bytes = Buffer.alloc(4 + hex.length / 2, hex.padStart(hex.length + 8, "0"), "hex");
    bytes.writeUInt32LE(hex.length / 2);
    return bytes;
  };

  it("answers as many as come, in whatever pieces they come", async () => {
    const input = Buffer.concat(TABLE.slice(0, 20).map(frame));
    const whole = await served("frames", [input]);
    const pieces = Array.from({ length: Math.ceil(input.length / 7) }, (_, i) =>
      input.subarray(7 * i, 7 * i + 7),
    );
    expect(whole.status).toBe(0);
    expect((await served("frames", pieces)).output).toEqual(whole.output);
  });

  it("gives the errno, or the map", async () => {
    const { output } = await served("frames", [frame(LIMIT), frame(GOOD)]);
    expect(output.subarray(0, 8).toString("hex")).toBe("04000000f9ffffff");
    expect(output.readUInt32LE(8)).toBe(output.length - 12);
    expect(output.readInt32LE(12)).toBe(0);
  });
});

describe("in exec mode", () => {
  it("gives its verdict as exit status, and the errno", async () => {
    const bytes = (hex: string) => [
      Buffer.from(hex, "hex").subarray(0, 3),
      Buffer.from(hex, "hex").subarray(3),
    ];
    expect(await served("exec", bytes(GOOD))).toEqual({ status: 0, output: Buffer.from("") });
    expect(await served("exec", bytes(LIMIT))).toEqual({ status: 1, output: Buffer.from("E2BIG\n") });
  });
});

describe("in NDJSON", () => {
  const START = '{"cmd":"start","version":1}\n';
  const parse = (seq: number, hex: string, resolve?: unknown, profile: string = DEFAULT_PROFILE.name) =>
    `${JSON.stringify({ cmd: "parse", seq, profile, hex, resolve })}\n`;
  const lines = ({ output }: { output: Buffer }) =>
    output
      .toString()
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l));
  afterEach(() => void vi.restoreAllMocks());

  it("introduces itself, answers each request, and stops when told to", async () => {
    const ran = await served("ndjson", [
      START,
      parse(7, GOOD),
      parse(8, LIMIT),
      '{"cmd":"stop"}\n',
      parse(9, GOOD),
    ]);
    expect(ran.status).toBe(0);
    const [started, accepted, refused, ...more] = lines(ran);
    expect(started).toEqual({
      version: 1,
      implementation: { name: "fmapspec", version: "1.2.3", language: "TypeScript" },
    });
    expect(accepted).toMatchObject({ seq: 7, verdict: "accept", map: { extType: "simple" } });
    expect(refused).toEqual({ seq: 8, verdict: "reject", errno: "E2BIG" });
    expect(more).toEqual([]);
  });

  it("resolves what it is asked: mapped, past the end, and undefined as EIO", async () => {
    const zeroChunk =
      "0000010001000000010000000000000000002000000000000000000000000000" +
      "010000000000000000002000000000000000000000000000000000000000000000000000000000000000200000000000";
    const ran = await served("ndjson", [
      parse(1, GOOD, [
        ["0", "4096"],
        ["9000000000", "1"],
      ]),
      parse(2, zeroChunk, [["0", "4096"]]),
    ]);
    expect(lines(ran).map((reply) => reply.resolved)).toEqual([
      [{ devindex: "0", offset: "0", length: "4096" }, { length: "0" }],
      [{ errno: "EIO" }],
    ]);
  });

  it("skips other profiles than its own", async () => {
    const [reply] = lines(await served("ndjson", [parse(1, GOOD, undefined, "rfc-v9")]));
    expect(reply).toEqual({ seq: 1, skipped: "this driver was started for profile rfc-v2" });
  });

  it("answers nothing that does not fit the schema", async () => {
    const requests = TABLE.map((hex, seq) =>
      parse(seq, hex, [
        ["0", "4096"],
        ["4095", "9223372036854775807"],
      ]),
    );
    const replies = lines(await served("ndjson", requests));
    expect(replies).toHaveLength(TABLE.length);
    for (const reply of replies) expect(misfit("driver-reply", reply)).toBeNull();
  });

  it.each([
    ["hello\n", "'hello' is not JSON"],
    ['{"cmd":"dance"}\n', "the request does not fit: /cmd: must be equal to constant"],
    ['{"cmd":"parse","seq":-1,"profile":"x","hex":""}\n', "the request does not fit: /seq: must be >= 0"],
    [
      '{"cmd":"parse","seq":1,"profile":"x","hex":"0"}\n',
      "the request does not fit: /hex: must match pattern",
    ],
  ])("ends with status 2 at %j", async (line, message) => {
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const ran = await served("ndjson", [START, line, parse(1, GOOD)]);
    expect(ran.status).toBe(2);
    expect(lines(ran)).toHaveLength(1);
    expect(stderr.mock.calls.map(String)).toEqual([expect.stringContaining(`fmapspec driver: ${message}`)]);
  });
});
