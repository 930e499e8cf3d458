import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { DOCUMENTS } from "../test/documents.ts";
import { SCHEMAS, type SchemaName } from "./index.ts";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const names = Object.keys(SCHEMAS) as SchemaName[];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every copy of a document in which one object of it was edited. */
function* editsOf(value: Json, edit: (o: { [key: string]: Json }) => Iterable<Json>): Generator<Json> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const edited of editsOf(item, edit)) yield value.with(i, edited);
  } else if (typeof value === "object" && value !== null) {
    yield* edit(value);
    for (const [key, item] of Object.entries(value))
      for (const edited of editsOf(item, edit)) yield { ...value, [key]: edited };
  }
}

it("every schema has an id of its own, after its name", () => {
  for (const name of names)
    expect(SCHEMAS[name]).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: `https://fmapspec.dev/schemas/${name}.schema.json`,
      title: expect.stringMatching(/\S/),
    });
});

it("no schema refers to another: each stands alone, as plain JSON", () => {
  for (const name of names) {
    expect(JSON.stringify(SCHEMAS[name])).not.toContain('"$ref"');
    expect(JSON.parse(JSON.stringify(SCHEMAS[name]))).toEqual(SCHEMAS[name]);
  }
});

describe.each(names)("%s", (name) => {
  const validate = ajv.compile(SCHEMAS[name]);
  const documents = DOCUMENTS[name] as readonly Json[];

  it("takes what it should", () => {
    for (const doc of documents) expect(validate(doc), ajv.errorsText(validate.errors)).toBe(true);
  });

  it("is closed: no object may have a property that it does not know", () => {
    for (const doc of documents)
      for (const edited of editsOf(doc, (o) => [{ ...o, unexpected: 1 }]))
        expect(validate(edited), JSON.stringify(edited)).toBe(false);
  });

  it("refuses anything but an object", () => {
    for (const other of [null, 1, "x", true, [], documents]) expect(validate(other)).toBe(false);
  });

  it("refuses any other type in any place", () => {
    for (const doc of documents) {
      const edits = editsOf(doc, (o) =>
        Object.keys(o)
          .filter((key) => !isNull(o[key]))
          .map((key) => ({ ...o, [key]: typeof o[key] === "boolean" ? "x" : true })),
      );
      for (const edited of edits) expect(validate(edited), JSON.stringify(edited)).toBe(false);
    }
  });
});

const isNull = (value: Json | undefined) => value === null;

const manifest = { format: "fmapspec-manifest", version: 1, daxdevs: [], files: [] };
const range = { devindex: "0", offset: "0", length: "2097152" };

/** Documents that differ from a fitting one in one thing. */
describe.each([
  ["message", { header: {}, extents: [] }],
  ["message", { header: { file_size: 0 }, extents: [] }],
  ["message", { header: { file_size: "0", file_type: 256 }, extents: [] }],
  ["message", { header: { file_size: "0", nextents: -1 }, extents: [] }],
  ["message", { header: { file_size: "0", nextents: 4_294_967_296 }, extents: [] }],
  ["message", { header: { file_size: "0", fmap_version: 1.5 }, extents: [] }],
  ["message", { header: { file_size: "0" }, extents: [], trailing: "abc" }],
  ["message", { header: { file_size: "0" }, extents: [], trailing: "AB" }],
  ["message", { header: { file_size: "0" }, extents: [{ se_offset: "0" }] }],
  ["message", { header: { file_size: "0" }, extents: [{ se_offset: "0", se_len: "0", strips: [] }] }],
  ["verdict", { profile: "rfc-v2", message: "", verdict: { verdict: "reject", hazards: [] } }],
  ["driver-request", { cmd: "start", version: 2 }],
  ["driver-request", { cmd: "parse", seq: -1, profile: "rfc-v2", hex: "" }],
  ["driver-request", { cmd: "parse", seq: 1, profile: "rfc-v2", hex: "", resolve: [["0"]] }],
  ["driver-request", { cmd: "parse", seq: 1, profile: "rfc-v2", hex: "", resolve: [["0", "1", "2"]] }],
  ["driver-reply", { seq: 1, verdict: "reject" }],
  ["driver-reply", { seq: 1, verdict: "reject", errno: "einval" }],
  ["driver-reply", { seq: 1, verdict: "accept", resolved: [{ length: "1" }] }],
  ["driver-reply", { seq: 1, verdict: "accept", skipped: "both" }],
  ["manifest", { ...manifest, version: 2 }],
  ["manifest", { ...manifest, daxdevs: [{ index: 65_536, name: "/dev/dax0.0" }] }],
  ["manifest", { ...manifest, files: [{ path: "/a", fileSize: "0", extents: [] }] }],
  ["manifest", { ...manifest, files: [{ path: "/a", fileSize: 0, extents: [range] }] }],
  ["manifest", { ...manifest, files: [{ path: "/a", fileSize: "0", fileType: 256, extents: [range] }] }],
  [
    "manifest",
    { ...manifest, files: [{ path: "/a", fileSize: "0", extents: [{ ...range, strips: [range] }] }] },
  ],
  [
    "manifest",
    {
      ...manifest,
      files: [{ path: "/a", fileSize: "0", extents: [{ chunkSize: "1", nbytes: "1", strips: [] }] }],
    },
  ],
] as [SchemaName, unknown][])("%s", (name, doc) => {
  it(`refuses ${JSON.stringify(doc)}`, () => {
    expect(new Ajv2020({ strict: true, allowUnionTypes: true }).compile(SCHEMAS[name])(doc)).toBe(false);
  });
});
