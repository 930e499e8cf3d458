/** What a program says when nobody has asked it, and how it is stopped. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { driverSubject, processesWith } from "../../test/bad-driver.ts";
import { available } from "../../test/tools.ts";
import { Answers } from "./answers.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-conversation-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Answers the start of NDJSON, then goes on with the rest of the script, its marker in $0. */
const ndjson = (script: string, marker: string) =>
  driverSubject("ndjson", [
    "sh",
    "-c",
    `read start; echo '{"version":1,"implementation":{"name":"sh"}}'; ${script}`,
    marker,
  ]);

const sleep = available("sleep", "coreutils");

describe.skipIf(!sleep)("a program that talks without being asked", () => {
  it.each([
    ["a word", "sleep 0.2; echo hello; sleep 60"],
    [
      "without end",
      "sleep 0.2; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
    ],
  ])("%s, says garbage, and is ended", async (what, script) => {
    const marker = `unasked-${process.pid}-${what.replace(" ", "-")}`;
    const subject = ndjson(script, marker);
    await subject.start();
    await setTimeout(1000);
    const answer = await subject.question({ message: new Uint8Array() });
    expect(answer).toEqual({
      kind: "garbage",
      detail: expect.stringMatching(/^it said \d+ bytes that nobody asked for$/),
    });
    // It says so until somebody starts it again.
    expect(await subject.question({ message: new Uint8Array() })).toEqual(answer);
    await subject.stop();
    expect(await processesWith(marker)).toEqual([]);
  });
});

describe.skipIf(!sleep)("a program that is told to stop", () => {
  it.each(["ndjson", "frames", "exec"] as const)("may end by itself, in %s", async (protocol) => {
    const done = join(folder, protocol);
    const script = `cat > /dev/null; sleep 0.1; : > ${done}`;
    const subject =
      protocol === "ndjson" ? ndjson(script, "sh") : driverSubject(protocol, ["sh", "-c", script]);
    await subject.start();
    if (protocol === "exec") await subject.question({ message: new Uint8Array() });
    await subject.stop();
    expect(existsSync(done)).toBe(true);
  });

  it("is killed when it does not", async () => {
    const marker = `deaf-${process.pid}`;
    const subject = ndjson("trap '' TERM INT HUP; while :; do sleep 1; done", marker);
    await subject.start();
    await subject.stop();
    expect(await processesWith(marker)).toEqual([]);
  });
});

describe("answers", () => {
  it("keep what they hold when it becomes more than there was room for", () => {
    const answers = new Answers(3);
    const size = answers.bytes.length;
    const first = answers.append(new Uint8Array(size - 1).fill(1));
    const second = answers.append(new Uint8Array(size).fill(2));
    answers.add(0, first, 1);
    answers.add(0, second, size);
    expect(answers.map(0)).toEqual(new Uint8Array([1]));
    // toEqual takes seconds over so many bytes.
    expect(Buffer.compare(answers.map(1), new Uint8Array(size).fill(2))).toBe(0);
  });
});
