import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { SubjectError } from "../../base/errors.ts";
import { available } from "../../test/tools.ts";
import { Attachment, type AttachOptions } from "./attach.ts";
import { getattrRoot } from "./test/bodies.ts";
import { Marked } from "./test/left-behind.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-test-"));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

const MISBEHAVING = fileURLToPath(new URL("test/misbehaving.mjs", import.meta.url));

let scripts = 0;
function script(text: string): string {
  const path = join(folder, `script-${scripts++}`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

const attachment = (command: readonly string[], options: Partial<AttachOptions> = {}) =>
  new Attachment(command, { via: "auto", timeout: 5000, ...options });

/** Waits, where there may be no sleep(1). */
const WAIT = `'${process.execPath}' -e 'setTimeout(() => {}, 100000)'`;

/** The daemon of misbehaving.mjs without a fault, started on that descriptor. */
const served = (descriptor: string) => `exec '${process.execPath}' '${MISBEHAVING}' none ${descriptor}`;

/** Attaches twice: the second start must use what the first has found. */
async function expectServed(subject: Attachment): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const connection = await subject.connect();
    expect(await getattrRoot(connection)).toMatchObject({ kind: "reply", error: 0 });
    await connection.close();
  }
}

describe("a daemon is attached", () => {
  test("directly where that works", async () => {
    const subject = attachment([script(served('"$1"')), "{mountpoint}"]);
    expect(subject.via).toBe("auto");
    await expectServed(subject);
    expect(subject.via).toBe("direct");
  });

  test("through the stand-in where it insists on a folder, which is empty", async () => {
    const insisting = script(`[ -d "$1" ] && [ -z "$(ls -A "$1")" ] || exit 1; ${served("/dev/fd/19")}`);
    const subject = attachment([insisting, "{mountpoint}"]);
    await expectServed(subject);
    expect(subject.via).toBe("fusermount");
  });

  test("with go-fuse's file in the folder where it leaves without it", async () => {
    const late = join(folder, "late.mjs");
    // Serves one request, INIT, and only then looks into its mountpoint.
    writeFileSync(
      late,
      `import { existsSync, readSync, writeSync } from "node:fs";
       const buffer = Buffer.alloc(1 << 20);
       readSync(19, buffer);
       const reply = Buffer.alloc(80);
       reply.writeUInt32LE(80, 0);
       buffer.copy(reply, 8, 8, 16);
       reply.writeUInt32LE(7, 16);
       reply.writeUInt32LE(31, 20);
       reply.writeUInt32LE(65536, 36);
       writeSync(19, reply);
       if (!existsSync(process.argv[2] + "/" + process.argv[3])) process.exit(1);
       setTimeout(() => {}, 3000);`,
    );
    const looking = [process.execPath, late, "{mountpoint}"];
    const subject = attachment([...looking, ".go-fuse-epoll-hack"], { via: "fusermount" });
    const connection = await subject.connect();
    expect(connection.gone).toBeNull();
    await connection.close({ patience: 0 });
    // One that leaves with the file too is attached: what it does is for the run to judge.
    const leaving = attachment([...looking, "another file"], { via: "fusermount" });
    await (await leaving.connect()).close({ patience: 0 });
    expect(leaving.via).toBe("fusermount");
  });

  test.skipIf(!available("setsid", "util-linux"))("also where it goes to the background", async () => {
    const marked = new Marked();
    const forking = script(`${served('"$1"').replace("exec", "setsid")} & exit 0`);
    const subject = attachment([forking, "{mountpoint}"], { env: marked.env });
    const connection = await subject.connect();
    expect(connection.daemon.notes).toEqual([expect.stringMatching(/^it went to the background/)]);
    expect(await getattrRoot(connection)).toMatchObject({ kind: "reply", error: 0 });
    expect(await connection.close()).toMatchObject({ background: true, killed: false });
    await expectServed(subject);
    await marked.expectNobody();
  });

  test.skipIf(!available("setsid", "util-linux"))("in the background, behind the stand-in", async () => {
    const marked = new Marked();
    const serving = served("/dev/fd/19").replace("exec", "setsid");
    const subject = attachment([script(`[ -d "$1" ] || exit 1; ${serving} & exit 0`), "{mountpoint}"], {
      env: marked.env,
    });
    await expectServed(subject);
    expect(subject.via).toBe("fusermount");
    await marked.expectNobody();
  });

  test("where only an answer shows that it reads", async (context) => {
    if (!available("python3", "python3")) context.skip("there is no python3");
    const polling = join(folder, "polling.py");
    writeFileSync(
      polling,
      `import os, select, struct, sys
fd = int(sys.argv[1].split("/")[-1])
while True:
    select.select([fd], [], [])
    request = os.read(fd, 1 << 20)
    if not request: break
    opcode, unique = struct.unpack_from("<IQ", request, 4)
    body = struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 0, 0, 65536, 1, 0, 0, 0) if opcode == 26 else bytes(104)
    os.write(fd, struct.pack("<IiQ", 16 + len(body), 0, unique) + body)
`,
    );
    await expectServed(attachment(["python3", polling, "{mountpoint}"]));
  });
});

describe("a daemon is not attached", () => {
  test.each<[string, string, RegExp]>([
    [
      "that ends at once",
      "echo no such place; exit 3",
      /directly.*: it ended with status 3; output: no such place/,
    ],
    ["that dies", "kill -SEGV $$", /through the stand-in.*: it was killed by SIGSEGV/],
    [
      "that does not read",
      `echo waiting; exec ${WAIT}`,
      /it did not read the channel within 0.4 s; output: waiting/,
    ],
    ["that leaves another process", `${WAIT} & exit 0`, /within 0.4 s in the background/],
  ])("%s", async (_, text, message) => {
    const marked = new Marked();
    const subject = attachment([script(text), "{mountpoint}"], { timeout: 100, env: marked.env });
    const error = await subject.connect().then(
      () => null,
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toBeInstanceOf(SubjectError);
    expect(error?.message).toMatch(message);
    expect(error?.message).toMatch(/what to try:\n {2}start it in the foreground/);
    expect(subject.via).toBe("auto");
    await marked.expectNobody();
  });

  test("in other ways than the one that was asked for", async () => {
    const insisting = script(`[ -d "$1" ] || exit 1; ${served("/dev/fd/19")}`);
    const subject = attachment([insisting, "{mountpoint}"], { via: "direct" });
    await expect(subject.connect()).rejects.toThrow(/^(?!.*stand-in).*could not be attached/);
  });

  test("if it polls and answers nothing", async (context) => {
    if (!available("python3", "python3")) context.skip("there is no python3");
    const text = "import select; select.poll().poll()";
    const subject = attachment(["python3", "-c", text, "{mountpoint}"], { via: "direct", timeout: 200 });
    await expect(subject.connect()).rejects.toThrow(/it did not read INIT/);
  });
});

test("one that writes before it is asked is attached", async () => {
  const subject = attachment([script("printf nonsense >&3; exec sleep 100"), "{mountpoint}"]);
  const connection = await subject.connect();
  expect(subject.via).toBe("direct");
  await connection.close({ patience: 0 });
});
