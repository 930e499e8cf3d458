import { describe, expect, it } from "vitest";
import { ERRNO, entryOut, OPCODES, ROOT_NODEID } from "../../spec/index.ts";
import { faultNamed } from "./faults.ts";
import { Asking, fmapBody, GET_FMAP, OPEN_BODY, RELEASE_BODY } from "./test/asking.ts";
import { differing, transcript } from "./test/transcript.ts";
import { VARIANTS, variantNamed } from "./variants.ts";

describe("the list of variants", () => {
  it("has a name and a sentence for each, and no name twice, none of a fault", () => {
    expect(new Set(VARIANTS.map((v) => v.name)).size).toBe(VARIANTS.length);
    for (const { name, sentence } of VARIANTS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(sentence).toMatch(/^\S.*\.$/);
      expect(faultNamed(name)).toBeUndefined();
    }
    expect(variantNamed("no such variant")).toBeUndefined();
  });
});

/** Their own tests are below: these questions do not show what they do. */
const ELSEWHERE = ["minor-8", "without-flush"];

it.each(VARIANTS.filter((v) => !ELSEWHERE.includes(v.name)).map((v) => [v.name, v] as const))(
  "%s does something in another way",
  (_, variant) => {
    expect(differing(transcript(null), transcript(variant))).not.toEqual([]);
  },
);

const asking = (name: string) => {
  const k = new Asking(variantNamed(name) ?? null);
  k.init();
  return k;
};

it("minor-8 has the replies of its time", () => {
  const k = asking("minor-8");
  expect(k.getattr(ROOT_NODEID).body.length).toBe(96);
  expect(k.ask(OPCODES.LOOKUP, ROOT_NODEID, Buffer.from("data\0")).body.length).toBe(120);
});

it("without-flush refuses once, and is not asked again", () => {
  const k = asking("without-flush");
  expect(k.ask(OPCODES.FLUSH, ROOT_NODEID).error).toBe(-ERRNO.ENOSYS);
  expect(k.raw(OPCODES.FLUSH, ROOT_NODEID)).toEqual([]);
});

it("maps-of-open-files gives a map between OPEN and RELEASE alone", () => {
  const k = asking("maps-of-open-files");
  const ino = entryOut.read(k.ask(OPCODES.LOOKUP, ROOT_NODEID, Buffer.from("32 extents\0")).body).nodeid;
  const map = () => k.ask(GET_FMAP, ino, fmapBody(4096)).error;
  expect(map()).toBe(-ERRNO.EBADF);
  k.ask(OPCODES.OPEN, ino, OPEN_BODY);
  expect(map()).toBe(0);
  k.ask(OPCODES.RELEASE, ino, RELEASE_BODY);
  expect(map()).toBe(-ERRNO.EBADF);
});
