/** What is said of a document that does not fit: where, by JSON pointer, and what was expected there. */
import { describe, expect, it } from "vitest";
import type { SchemaName } from "../spec/index.ts";
import { misfit } from "./schema-check.ts";

const HEADER = { file_size: "1" };
const CASES: readonly (readonly [SchemaName, unknown, string | null])[] = [
  ["message", { header: HEADER, extents: [] }, null],
  ["message", null, "/: must be object"],
  ["message", { header: HEADER }, "/: must have required property 'extents'"],
  ["message", { header: { file_size: 1 }, extents: [] }, "/header/file_size: must be string"],
  [
    "message",
    { header: { ...HEADER, size: 1 }, extents: [] },
    "/header: must NOT have additional properties 'size'",
  ],
  [
    "message",
    { header: HEADER, extents: [{ se_offset: "0" }] },
    "/extents/0: must have required property 'se_len'",
  ],
  [
    "message",
    {
      header: HEADER,
      extents: [{ ie_chunk_size: 1, ie_nbytes: "1", strips: [{ se_offset: "-1", se_len: "1" }] }],
    },
    "/extents/0/strips/0/se_offset: must match pattern",
  ],
  ["driver-started", { version: 2, implementation: { name: "x" } }, "/version: must be equal to constant 1"],
  ["driver-reply", { seq: 1, verdict: "accept" }, null],
  ["driver-reply", { seq: 1, verdict: "reject" }, "/verdict: must be equal to constant"],
  ["counterexample", { kind: "cat" }, "/: must have required property 'format'"],
];

describe("misfit", () => {
  it.each(CASES)("%s %j: %s", (schema, value, expected) => {
    const wrong = misfit(schema, value);
    if (expected === null) expect(wrong).toBeNull();
    else expect(wrong?.startsWith(expected) ? expected : wrong).toBe(expected);
  });
});
