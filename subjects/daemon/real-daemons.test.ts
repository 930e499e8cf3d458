import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, type TestContext, test } from "vitest";
import {
  attrOut,
  DEFAULT_PROFILE,
  entryOut,
  MODE,
  OPCODES,
  openIn,
  openOut,
  readIn,
} from "../../spec/index.ts";
import { Attachment, type AttachOptions } from "./attach.ts";
import type { ChannelKind } from "./channel/channel.ts";
import { FuseConnection } from "./channel/connection.ts";
import type { Reply } from "./reply.ts";
import { getattrRoot, lookUpAndForget, nameBody } from "./test/bodies.ts";
import { type Built, buildFolder, goFuseHello, libfuseExample, programOf } from "./test/built.ts";
import { Marked } from "./test/left-behind.ts";

const folder = buildFolder();
afterAll(() => folder.remove());
const hello = libfuseExample(folder.path, "hello_ll");
const passthrough = libfuseExample(folder.path, "passthrough_ll");
const goHello = goFuseHello(folder.path);

interface Daemon {
  readonly title: string;
  readonly built: Built;
  readonly args: readonly string[];
  /** A name in its root. */
  readonly name: string;
  /** Lookups on a stream, where each FORGET costs a look into /proc. */
  readonly onStream: number;
}

const DAEMONS: readonly Daemon[] = [
  { title: "hello_ll -s", built: hello, args: ["-f", "-s"], name: "hello", onStream: 10_000 },
  { title: "hello_ll", built: hello, args: ["-f"], name: "hello", onStream: 1000 },
  { title: "hello_ll clone_fd", built: hello, args: ["-f", "-o", "clone_fd"], name: "hello", onStream: 500 },
  { title: "passthrough_ll -s", built: passthrough, args: ["-f", "-s"], name: "usr", onStream: 500 },
  { title: "passthrough_ll", built: passthrough, args: ["-f"], name: "usr", onStream: 1000 },
  {
    title: "passthrough_ll clone_fd",
    built: passthrough,
    args: ["-f", "-o", "clone_fd"],
    name: "usr",
    onStream: 500,
  },
  { title: "go-fuse hello", built: goHello, args: [], name: "file.txt", onStream: 10_000 },
];

const LOOKUPS = 10_000;

/** Bytes; 128 KiB is what a kernel asks for where MAX_PAGES was not agreed on. */
const READ_SIZE = 128 << 10;

const WIDTH = 16;

async function bodyOf(asked: Promise<Reply>): Promise<Uint8Array> {
  const reply = await asked;
  if (reply.kind !== "reply") throw new Error(reply.kind);
  expect(reply.error).toBe(0);
  return reply.body;
}

/** Runs the daemon through everything that it knows and checks that it ends by itself and leaves nobody behind. */
async function exercise(
  { built, args, name, onStream }: Daemon,
  options: Partial<AttachOptions>,
  context: TestContext,
): Promise<void> {
  const marked = new Marked();
  const command = [programOf(built, context), ...args, "{mountpoint}"];
  const asked: AttachOptions = { via: "direct", ...options, env: marked.env, timeout: 20_000 };
  const connection = await new Attachment(command, asked).connect();
  try {
    const init = await connection.init(DEFAULT_PROFILE, { offerFmap: true });
    expect(init).toMatchObject({ kind: "agreed", agreed: { fmap: false } });
    const root = attrOut.read(await bodyOf(getattrRoot(connection)));
    expect(root.mode & MODE.typeMask).toBe(MODE.directory);
    const times = connection.pipelined ? LOOKUPS : onStream;
    expect(await lookUpAndForget(connection, name, times, connection.pipelined ? WIDTH : 1)).toBe(0);
    const fmap = await connection.request(DEFAULT_PROFILE.opcodes.getFmap, 1n, new Uint8Array(8));
    expect(fmap).toMatchObject({ kind: "reply", error: -38 });
  } finally {
    const { signal, killed, destroyed } = await connection.close({ destroy: true });
    expect({ signal, killed, destroyed }).toMatchObject({
      signal: null,
      killed: false,
      destroyed: { kind: "reply", error: 0 },
    });
  }
  expect(connection.faults).toEqual([]);
  await marked.expectNobody();
}

const KINDS: readonly ChannelKind[] = ["seqpacket", "stream"];

describe.each(KINDS)("over a %s channel", (channel) => {
  for (const daemon of DAEMONS) test(daemon.title, (context) => exercise(daemon, { channel }, context));
});

const INSISTING: readonly Daemon[] = [
  {
    title: "hello_ll",
    built: hello,
    args: ["-f", "-o", "auto_unmount"],
    name: "hello",
    onStream: 500,
  },
  { title: "go-fuse hello", built: goHello, args: [], name: "file.txt", onStream: 500 },
];

describe.each(KINDS)("through the stand-in fusermount3, over a %s channel", (channel) => {
  for (const daemon of INSISTING) {
    test(daemon.title, (context) => exercise(daemon, { channel, via: "fusermount" }, context));
    test.runIf(process.getuid?.() === 0)(`${daemon.title} as another user`, async (context) => {
      await exercise(daemon, { channel, via: "fusermount", user: "nobody" }, context);
    });
  }
});

test("an interrupt of an unknown request may be told off much later, and that is no fault", async (context) => {
  const connection = await FuseConnection.start([programOf(hello, context), "-f", "-s", "{mountpoint}"]);
  await connection.init(DEFAULT_PROFILE, { offerFmap: false });
  await connection.interrupt(connection.nextUnique());
  // libfuse keeps the interrupt until the next request comes.
  expect(await getattrRoot(connection)).toMatchObject({ kind: "reply", error: 0 });
  expect(await getattrRoot(connection)).toMatchObject({ kind: "reply", error: 0 });
  await connection.close();
  expect(connection.faults).toEqual([]);
  expect(connection.counts.interruptReplies).toBe(1);
});

test("a daemon of another user", async (context) => {
  if (process.getuid?.() !== 0) return context.skip("only root may start a process as another user");
  const marked = new Marked();
  for (const channel of KINDS) {
    const command = [programOf(hello, context), "-f", "{mountpoint}"];
    const connection = await FuseConnection.start(command, { channel, user: "nobody", env: marked.env });
    expect(await connection.init(DEFAULT_PROFILE, { offerFmap: false })).toMatchObject({ kind: "agreed" });
    expect(await lookUpAndForget(connection, "hello", 200, 1)).toBe(0);
    expect(connection.daemon.notes).toEqual([]);
    await connection.close();
  }
  await marked.expectNobody();
});

describe.each(KINDS)("READ over a %s channel", (channel) => {
  test("a large reply comes whole, also where the daemon splices it", async (context) => {
    const source = join(folder.path, `source-${channel}`);
    const content = Buffer.alloc(READ_SIZE).map((_, i) => i % 251);
    mkdirSync(source);
    writeFileSync(join(source, "large"), content);
    const command = [programOf(passthrough, context), "-f", "-o", `source=${source}`, "{mountpoint}"];
    const connection = await FuseConnection.start(command, { channel });
    await connection.init(DEFAULT_PROFILE, { offerFmap: false });
    const { nodeid } = entryOut.read(await bodyOf(connection.request(OPCODES.LOOKUP, 1n, nameBody("large"))));
    const opened = await bodyOf(connection.request(OPCODES.OPEN, nodeid, new Uint8Array(openIn.size)));
    const { fh } = openOut.read(opened);
    const read = new Uint8Array(readIn.size);
    const rest = { read_flags: 0, lock_owner: 0n, flags: 0, padding: 0 };
    readIn.write(read, 0, { fh, offset: 0n, size: READ_SIZE, ...rest });
    const body = await bodyOf(connection.request(OPCODES.READ, nodeid, read));
    expect(Buffer.compare(body, content)).toBe(0);
    expect(connection.faults).toEqual([]);
    await connection.close();
  });
});
