/** A set that is written is without a flaw; a lint that tampering escapes is none. */
import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, PROFILES, type Profile } from "../../spec/index.ts";
import { type VectorFile, vectorFile } from "./file.ts";
import { type Flaw, lintVectors } from "./lint.ts";
import { printVectors } from "./print.ts";
import { CORPUS, CORPUS_DIGEST, type Files, vectorSet } from "./set.ts";

const NAME = `${DEFAULT_PROFILE.name}.json`;
let set: Files;
beforeAll(() => {
  set = vectorSet([DEFAULT_PROFILE]);
});

/** The set with one of its files in other words; undefined: without it. */
function having(path: string, content: string | Uint8Array | undefined): Files {
  const files = new Map(set);
  if (content === undefined) files.delete(path);
  else files.set(path, Buffer.from(content as Uint8Array));
  return files;
}
const text = () => Buffer.from(set.get(NAME) as Uint8Array).toString("utf8");

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Test = { [key: string]: unknown };

/** What the lint says of the set after one edit of its file of vectors, printed as it should be. */
function edited(edit: (file: Mutable<VectorFile>, tests: Test[]) => void): Flaw | null {
  const file = structuredClone(vectorFile(DEFAULT_PROFILE)) as Mutable<VectorFile>;
  edit(file, file.testGroups[0]?.tests as unknown as Test[]);
  return lintVectors(having(NAME, printVectors(file as VectorFile)));
}
/** The first vector with that result, changed. */
const first = (tests: Test[], result: string, change: Test) =>
  Object.assign(tests.find((t) => t.result === result) as Test, change);

describe("the lint", () => {
  it.each(PROFILES)("finds nothing in what is written for $name", (profile) => {
    expect(lintVectors(vectorSet([profile]))).toBeNull();
  });

  it("finds nothing in vectors of several profiles with one corpus", () => {
    expect(lintVectors(vectorSet(PROFILES.slice(-2)))).toBeNull();
  });

  it.each<[string, (tests: Test[], file: Mutable<VectorFile>) => void, string]>([
    ["a result", (t) => first(t, "invalid", { result: "acceptable" }), "the schema"],
    ["an errno", (t) => first(t, "invalid", { errno: "E2BIG" }), "errno"],
    ["the byte that decides", (t) => first(t, "invalid", { offset: 9999 }), "offset"],
    ["a map", (t) => first(t, "valid", { map: t.filter((v) => v.map !== undefined).at(-1)?.map }), "map"],
    ["resolutions", (t) => first(t, "valid", { resolved: [{ length: "0" }] }), "resolved"],
    ["what is asked", (t) => first(t, "valid", { resolve: [] }), "resolve"],
    ["rules", (t) => first(t, "valid", { rules: ["fmap/header/underflow"] }), "rules"],
    ["a comment", (t) => first(t, "valid", { comment: "because" }), "comment"],
    [
      "hazards",
      (t) => first(t, "valid", { hazards: [{ rule: "hazard/x", offset: 1, count: 1 }] }),
      "hazards",
    ],
    ["a message", (t) => first(t, "valid", { msg: "00" }), "comment"],
    ["hex digits in capitals", (t) => first(t, "valid", { msg: "AB" }), "the schema"],
    ["half a byte", (t) => first(t, "valid", { msg: "abc" }), "the schema"],
    ["a property that nobody knows", (t) => first(t, "valid", { errno: "EINVAL" }), "the schema"],
    ["a flag without a note", (t) => first(t, "valid", { flags: ["Unheard"] }), "flags"],
    ["an id that is there already", (t) => first(t, "valid", { id: t[0]?.id }), "id"],
    ["a message that is there already", (t) => first(t, "valid", { msg: t[0]?.msg }), "msg"],
    ["a tcId", (t) => first(t, "valid", { tcId: 77_777 }), "tcId"],
    ["the number of tests", (_, f) => (f.numberOfTests += 1), "numberOfTests"],
    ["a note", (_, f) => Object.assign(f.notes.Boundary as object, { effect: "" }), "notes Boundary"],
    ["a missing note", (_, f) => delete f.notes.Boundary, "notes Boundary"],
    ["a note of nothing", (_, f) => Object.assign(f.notes, { unused: f.notes.Boundary }), "notes"],
    ["a source", (_, f) => Object.assign(f.testGroups[0] as object, { source: "elsewhere" }), "source"],
    ["a profile", (_, f) => Object.assign(f.testGroups[0] as object, { profile: "v11" }), "the schema"],
  ])("finds tampering with %s", (_, edit, what) => {
    const flaw = edited((file, tests) => edit(tests, file));
    expect(flaw).toMatchObject({ file: NAME, what });
    expect(flaw?.expected).not.toBe(flaw?.found);
  });

  it("names the vector, and what it should say", () => {
    let tcId = 0;
    const flaw = edited((_, tests) => {
      const vector = first(tests, "invalid", { errno: "ERANGE" });
      tcId = vector.tcId as number;
    });
    expect(flaw).toEqual({ file: NAME, tcId, what: "errno", expected: "EINVAL", found: "ERANGE" });
  });

  it.each<[string, (text: string) => string, string]>([
    ["no JSON", (t) => t.slice(0, -20), "the file"],
    [
      "keys in another order",
      (t) => t.replace('"links":[]}', '"links":[]}').replace(/("tcId":1),("id":"[^"]*")/, "$2,$1"),
      "line",
    ],
    ["spaces", (t) => t.replace('"tcId":1,', '"tcId": 1,'), "line"],
    ["a missing end of line", (t) => t.trimEnd(), "line"],
    ["lines behind the end", (t) => `${t}\n`, "line"],
  ])("finds text that is not canonical: %s", (_, edit, what) => {
    const flaw = lintVectors(having(NAME, edit(text())));
    expect(flaw).toMatchObject({ file: NAME, tcId: null, what: expect.stringMatching(`^${what}`) });
  });

  it("finds a corpus that is not what the vectors say", () => {
    const path = [...set.keys()].find((p) => p.startsWith(`${CORPUS}/`)) as string;
    expect(lintVectors(having(path, undefined))).toMatchObject({ file: path, tcId: 1, found: "no file" });
    expect(lintVectors(having(path, Uint8Array.of(9)))).toMatchObject({ file: path, tcId: 1, found: "09" });
    const stray = `${CORPUS}/0123456789abcdef.bin`;
    expect(lintVectors(having(stray, "x"))).toMatchObject({ file: stray, expected: "no such file" });
  });

  it("takes a set without its corpus, but not without the corpus' digest", () => {
    const light = new Map([...set].filter(([path]) => !path.startsWith(`${CORPUS}/`)));
    expect(lintVectors(light)).toBeNull();
    expect(lintVectors(having(CORPUS_DIGEST, undefined))).toMatchObject({
      file: CORPUS_DIGEST,
      found: "no file",
    });
    expect(lintVectors(having(CORPUS_DIGEST, "0  -"))).toMatchObject({ file: CORPUS_DIGEST, found: "0  -" });
  });

  it("finds another schema, none, and a folder without vectors", () => {
    const file = "schemas/vectors.schema.json";
    expect(lintVectors(having(file, "{}"))).toMatchObject({ file, found: "other bytes" });
    expect(lintVectors(having(file, undefined))).toMatchObject({ file, found: "no file" });
    expect(lintVectors(new Map())).toMatchObject({ file: ".", found: "none" });
  });
});

it("the lint finds resolutions where no source settles them", () => {
  const profile = PROFILES[0] as Profile;
  const files = new Map(vectorSet([profile]));
  const text = Buffer.from(files.get("rfc-v1.json") as Uint8Array).toString("utf8");
  files.set(
    "rfc-v1.json",
    Buffer.from(text.replace(/("map":[^\n]*),"hazards"/, '$1,"resolve":[],"hazards"')),
  );
  expect(lintVectors(files)).toMatchObject({ what: "resolve", expected: "nothing", found: "[]" });
});

it("an id means the same message in every profile of the same limits", () => {
  const of = (profile: Profile) =>
    new Map(vectorFile(profile).testGroups.flatMap((g) => g.tests.map((t) => [t.id, t.msg] as const)));
  const [v4, v7] = [of(PROFILES[3] as Profile), of(PROFILES[4] as Profile)];
  expect([...v4]).toEqual([...v7]);
});
