import { describe, expect, it } from "vitest";
import { fmapHeader, PROFILES, profileNamed } from "../../../spec/index.ts";
import type { Kernel, Result } from "../kernel.ts";
import { askForFmap, describeFetch } from "./fetch.ts";

type Answer = Result<Uint8Array>;

const bytes = (n: number): Answer => ({ value: new Uint8Array(n) });
/** The 4 bytes of rfc-v2 that say how large the map is. */
const size = (n: number): Answer => ({ value: new Uint8Array(new Uint32Array([n]).buffer) });
/** A message whose header says how large it is, as later revisions want it. */
const sized = (fmapSize: number, length = 56): Answer => {
  const value = new Uint8Array(length);
  new DataView(value.buffer).setUint32(fmapHeader.offsetOf("reserved0"), fmapSize, true);
  return { value };
};

/** Fetches from a daemon that gives these answers; returns what came of it and which sizes it was told. */
async function fetched(name: string, answers: readonly Answer[]) {
  const profile = profileNamed(name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  const asked: number[] = [];
  const getFmap = async (_: bigint, room: number) => answers[asked.push(room) - 1] as Answer;
  const result = await askForFmap({ profile, getFmap } as unknown as Kernel, 2n);
  return { result, asked, text: describeFetch(result) };
}

describe("a map is fetched as each revision does", () => {
  it.each(PROFILES.map((p) => p.name))("%s: an errno ends it, and so does no answer", async (name) => {
    const refused = await fetched(name, [{ errno: 2 }]);
    expect(refused).toMatchObject({ text: "ENOENT", result: { errno: 2, message: null, sizeFault: null } });
    expect((await fetched(name, [{ errno: 9999 }])).text).toBe("errno 9999");
    const silent = await fetched(name, [{ unusable: "no answer" }]);
    expect(silent).toMatchObject({ text: "no answer", result: { errno: null, message: null } });
  });

  it.each<[string, Answer[], string, number[]]>([
    ["rfc-v1", [bytes(4096)], "a map", [4096]],
    ["rfc-v1", [bytes(56)], "a reply of 56 bytes to a buffer of 4096", [4096]],
    ["rfc-v2", [bytes(56)], "a map", [4096]],
    ["rfc-v2", [size(5000), bytes(5000)], "a map", [4096, 5000]],
    ["rfc-v2", [size(5000), bytes(5001)], "a reply of 5001 bytes to a buffer of 5000", [4096, 5000]],
    ["rfc-v2", [size(40_000)], "it asks for 40000 bytes", [4096]],
    ["rfc-v2", [size(5000), size(6000)], "a second 4-byte reply in place of the map", [4096, 5000]],
    ["v10", [bytes(56)], "a map", [4096]],
    ["v10", [bytes(4097)], "a reply of 4097 bytes to a buffer of 4096", [4096]],
    ["simple-only", [sized(56)], "a map", [4096]],
    ["simple-only", [sized(5000), sized(5000, 5000)], "a map", [4096, 5000]],
    ["simple-only", [bytes(4)], "a reply of 4 bytes, less than a header", [4096]],
    ["simple-only", [sized(1 << 30)], "it asks for 1073741824 bytes", [4096]],
    [
      "simple-only",
      [sized(5000), sized(6000)],
      "it asks for 6000 bytes, after it was given what it had asked for",
      [4096, 5000],
    ],
  ])("%s %#", async (name, answers, text, asked) => {
    const told = await fetched(name, answers);
    expect({ text: told.text, asked: told.asked }).toEqual({ text, asked });
    expect(told.result.message === null).toBe(text !== "a map");
    expect(told.result.resized).toBe(asked.length > 1);
  });
});
