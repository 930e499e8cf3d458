/** The bytes of a message by their fields. */
import { describe, expect, it } from "vitest";
import { type Failure, failureOf } from "../result/result.ts";
import type { Mark } from "../terminal/dump.ts";
import { bytesHtml } from "./bytes.ts";

const shown = (message: string | null, mark?: Mark): Failure =>
  failureOf({
    rule: "fmap/header/underflow",
    profile: "rfc-v2",
    kind: "verdict",
    message,
    expected: "EINVAL",
    actual: "accepted",
    marks: mark === undefined ? [] : [mark],
    reproduce: "",
  });
const told = (s: Failure) => [...bytesHtml(s).html.matchAll(/data-text="([^"]*)"/g)].map(([, text]) => text);
const HEADER = "0000010000000000000000000000000000000000000000000000000000000000";

describe("bytes", () => {
  it("are nothing without a message, and an end without bytes", () => {
    expect(bytesHtml(shown(null)).html).toBe("");
    expect(told(shown(""))).toEqual(["byte 0, the end"]);
    expect(told(shown("", { offset: 0, text: "EINVAL x" }))).toEqual(["byte 0, the end; EINVAL x"]);
  });

  it("have the mark where it is, inside a field too, or behind the last one", () => {
    expect(told(shown(HEADER, { offset: 9, text: "EINVAL x" }))).toContain(
      "bytes 8 to 11: nextents 0; EINVAL x",
    );
    expect(told(shown(HEADER, { offset: 32, text: "EINVAL x" })).at(-1)).toBe("byte 32, the end; EINVAL x");
    expect(bytesHtml(shown(HEADER)).html).not.toContain("hit");
  });

  it("that belong to no field are told as such, and a long run is cut", () => {
    const s = shown(`${HEADER}${"ff".repeat(20)}`);
    expect(told(s).at(-1)).toBe("bytes 32 to 51: no field");
    expect(bytesHtml(s).html).toContain(`${"ff ".repeat(15)}ff …`);
  });

  it("of many records are cut, but not the one with the mark", () => {
    const message = `000001000000000040000000${"00".repeat(20)}${"00".repeat(24 * 64)}`;
    const mark = { offset: 32 + 24 * 60 + 8, text: "EINVAL x" };
    const { html } = bytesHtml(shown(message, mark));
    expect(html.match(/class="record"/g)).toHaveLength(41);
    expect(html).toContain('<span class="title">extent 60</span>');
    expect(html).toContain("24 more records like these");
  });
});
