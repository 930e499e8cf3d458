import { expect, it } from "vitest";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { misreadAnswer, misreadField } from "./misread.ts";

it.each([
  ["accepted with another map: fileSize is 35184372088832, expected 2097153", ""],
  ["accepted with another map: fileSize is 2, expected 2097152", "; it looks written in MiB, not in bytes"],
  [
    "accepted with another map: fileSize is 9007199254740992, expected 8192",
    "; it looks written in the opposite byte order",
  ],
  ["accepted with another map: extents is missing, expected there", ""],
  ["EINVAL", ""],
])("%s%s", (actual, remark) => {
  expect(misreadAnswer(actual)).toBe(remark);
});

it("bytes that are no field explain nothing", () => {
  expect(misreadField(new Uint8Array(3), 2, DEFAULT_PROFILE)).toBe("");
});
