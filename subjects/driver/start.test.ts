/** Subjects that cannot be started: one sentence says which and why. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SubjectError } from "../../base/errors.ts";
import { driverSubject, processesWith } from "../../test/bad-driver.ts";
import { PROTOCOLS } from "./subject.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const UNSTARTABLE: readonly (readonly [string, command: readonly string[], message: RegExp])[] = [
  [
    "is not there",
    ["/no/such/driver"],
    /^cannot start '\/no\/such\/driver': no such program; give the command after --$/,
  ],
  ["is not in PATH", ["no-such-driver"], /^cannot start 'no-such-driver': no such program/],
  ["has no name", [""], /^cannot start '': its name is empty/],
  ["may not be run", [file("plain", "", 0o644)], /^cannot start '.*\/plain': not executable/],
  ["is a folder", [folder], /^cannot start '.*': not executable/],
];

for (const protocol of PROTOCOLS)
  describe(`a driver that speaks ${protocol}`, () => {
    it.each(UNSTARTABLE)("and %s", async (_, command, message) => {
      const error = await driverSubject(protocol, command)
        .start()
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(SubjectError);
      expect((error as SubjectError).message).toMatch(message);
    });
  });

/** Sh scripts that do not answer `start` as they should; each is told its own marker as $0. */
const NO_HELLO: readonly (readonly [string, script: string, message: RegExp])[] = [
  ["ends at once", "exit 4", /: ended with status 4 before it was told to stop/],
  ["is killed", "kill -KILL $$", /: killed by SIGKILL/],
  ["says nothing", "read start; read never", /: no answer in 300 ms/],
  ["says what is not JSON", "echo hello; read start; read never", /: 'hello' is not JSON/],
  [
    "repeats what it hears",
    'read start; echo "$start"; read never',
    /does not fit: \/: must have required property 'implementation'/,
  ],
  [
    "knows another version",
    `echo '{"version":2,"implementation":{"name":"x"}}'; read start; read never`,
    /does not fit: \/version/,
  ],
];

describe("a driver that does not answer the start of NDJSON", () => {
  it.each(NO_HELLO)("because it %s", async (what, script, message) => {
    const marker = `no-hello-${process.pid}-${what.replaceAll(" ", "-")}`;
    const subject = driverSubject(
      "ndjson",
      ["sh", "-c", `${script}; :`, marker],
      what === "says nothing" ? 100 : 20_000,
    );
    const error = await subject.start().catch((e: unknown) => e);
    await subject.stop();
    expect(error).toBeInstanceOf(SubjectError);
    expect((error as SubjectError).message).toMatch(
      /^the driver did not answer \{"cmd":"start","version":1\}: .*\(does it speak --protocol ndjson\?\)$/,
    );
    expect((error as SubjectError).message).toMatch(message);
    expect(await processesWith(marker)).toEqual([]);
  });

  it("says its name, version and language when it does", async () => {
    const hello = { version: 1, implementation: { name: "mine", version: "0.1", language: "sh" } };
    const subject = driverSubject("ndjson", [
      "sh",
      "-c",
      `echo '${JSON.stringify(hello)}'; read start; read never`,
    ]);
    expect(await subject.start()).toBe("mine 0.1 (sh)");
    await subject.stop();
  });
});

describe("a subject that is not running", () => {
  it("answers every question with that", async () => {
    const subject = driverSubject("frames", [process.execPath]);
    expect(await subject.question({ message: new Uint8Array() })).toEqual({
      kind: "exit",
      detail: "it is not running",
    });
    await subject.stop();
  });
});
