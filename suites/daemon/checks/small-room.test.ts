import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, type Profile, profileNamed } from "../../../spec/index.ts";
import { inProcess } from "../test/in-process.ts";
import type { ServedFile } from "./map-checks.ts";
import { smallRooms } from "./small-room.ts";

const { getFmap } = DEFAULT_PROFILE.opcodes;
const served = [{ node: { nodeid: 7n, path: "/f" }, message: new Uint8Array(80) }] as unknown as ServedFile[];

/** What fails where GET_FMAP is answered with so many bytes, whatever there is room for. */
async function failures(bytes: number, profile = DEFAULT_PROFILE) {
  const { kernel, ledger } = inProcess(
    ({ opcode }) => (opcode === getFmap ? { kind: "reply", error: 0, body: new Uint8Array(bytes) } : null),
    profile,
  );
  await smallRooms(kernel, served);
  return { failures: ledger.failures.map((f) => f.detail), tally: ledger.tally() };
}

describe("GET_FMAP with little room", () => {
  it("may be answered with the size that is needed", async () => {
    expect((await failures(4)).failures).toEqual([]);
  });

  it("is not answered with more than fits", async () => {
    const { failures: found, tally } = await failures(80);
    expect(found).toEqual([0, 4, 32].map((n) => `GET_FMAP with room for ${n} bytes is answered with 80`));
    expect(tally.failed).toEqual({ "robustness/fmap-room": 5 });
  });

  it("is no question of a revision that does not say its room", async () => {
    const { tally } = await failures(80, profileNamed("v10") as Profile);
    expect(tally.counts).toEqual({});
    expect(Object.keys(tally.excused)).toEqual(["robustness/fmap-room"]);
  });
});
