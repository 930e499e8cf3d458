import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { DEFAULT_PROFILE, OPCODES, ROOT_NODEID, type RuleId } from "../../spec/index.ts";
import type { ChannelKind } from "./channel/channel.ts";
import { type Closed, FuseConnection } from "./channel/connection.ts";
import type { InitResult } from "./init.ts";
import type { Reply } from "./reply.ts";
import { forgetBody, getattrRoot } from "./test/bodies.ts";
import { expectEnded, Marked } from "./test/left-behind.ts";

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), "test/misbehaving.mjs");

/** Milliseconds for what will not happen, and for what will. */
const SHORT = 250;
const LONG = 30_000;

interface Told {
  readonly init: InitResult;
  readonly connection: FuseConnection;
  readonly closed: Closed;
}

/** Runs a session with a daemon that has this fault and checks that nobody is left behind. */
async function session(
  fault: string,
  channel: ChannelKind,
  play: (connection: FuseConnection) => Promise<void>,
  patience = LONG,
  initTimeout = LONG,
): Promise<Told> {
  const marked = new Marked();
  const command = [process.execPath, SCRIPT, fault, "{mountpoint}"];
  const connection = await FuseConnection.start(command, { channel, env: marked.env, timeout: LONG });
  const init = await connection.init(DEFAULT_PROFILE, { offerFmap: true, timeout: initTimeout });
  await play(connection);
  const closed = await connection.close({ patience });
  await marked.expectNobody();
  return { init, connection, closed };
}

/** Asks for the attributes of the root, where most faults are, and then something harmless. */
async function ask(fault: string, channel: ChannelKind, timeout = LONG, patience = LONG) {
  const replies: Reply[] = [];
  const play = async (connection: FuseConnection) => {
    replies.push(await getattrRoot(connection, { timeout }));
    replies.push(await connection.request(OPCODES.STATFS, ROOT_NODEID));
  };
  const told = await session(fault, channel, play, patience);
  return { ...told, replies };
}

const rules = (connection: FuseConnection): RuleId[] => connection.faults.map(({ rule }) => rule);

const ANSWERED = { kind: "reply", error: 0 };
const REFUSED_BY_DAEMON = { kind: "reply", error: -38 };
const refused = (rule: RuleId) => ({
  kind: "refused",
  fault: { rule, request: { opcode: OPCODES.GETATTR } },
});
const gone = (how: RegExp) => ({ kind: "gone", how: expect.stringMatching(how) });

describe.concurrent.each<ChannelKind>(["seqpacket", "stream"])("over a %s channel", (channel) => {
  test.each<[string, object, RuleId[]]>([
    ["none", ANSWERED, []],
    ["large", ANSWERED, []],
    ["split", ANSWERED, []],
    ["unknown", ANSWERED, ["daemon/reply/unique"]],
    ["twice", ANSWERED, ["daemon/reply/once"]],
    ["notification", ANSWERED, []],
    ["notification-0", ANSWERED, ["daemon/notify/code"]],
    ["too-long", refused("daemon/reply/length"), ["daemon/reply/length"]],
    ["far-too-long", refused("daemon/reply/length"), ["daemon/reply/length"]],
    ["length-0", refused("daemon/reply/length"), ["daemon/reply/length"]],
    ["positive-errno", refused("daemon/reply/error-range"), ["daemon/reply/error-range"]],
    ["errno-512", refused("daemon/reply/error-range"), ["daemon/reply/error-range"]],
    ["body-with-error", refused("daemon/reply/no-body-with-error"), ["daemon/reply/no-body-with-error"]],
  ])("%s costs one reply at most", async (fault, expected, faults) => {
    const { replies, connection, closed } = await ask(fault, channel);
    expect(replies).toMatchObject([expected, REFUSED_BY_DAEMON]);
    expect(rules(connection)).toEqual(faults);
    expect(closed).toMatchObject({ code: 0, signal: null, killed: false, log: `fault: ${fault}` });
  });

  test("a reply that is longer than its header says", async () => {
    const { replies, connection } = await ask("too-short", channel);
    // A stream does not show where the daemon's write ended: what is left over is the fault.
    const expected = channel === "stream" ? ANSWERED : refused("daemon/reply/length");
    expect(replies).toMatchObject([expected, REFUSED_BY_DAEMON]);
    expect(rules(connection)).toEqual(["daemon/reply/length"]);
  });

  test("a reply that is shorter than a header", async () => {
    const { replies, connection } = await ask("tiny", channel, SHORT);
    expect(replies).toMatchObject([{ kind: "silent" }, REFUSED_BY_DAEMON]);
    expect(rules(connection)).toEqual(["daemon/reply/length"]);
  });

  test("a late reply is known as late", async () => {
    const { replies, connection } = await ask("late", channel, SHORT);
    expect(replies).toMatchObject([{ kind: "silent" }, REFUSED_BY_DAEMON]);
    expect(connection.faults).toEqual([]);
    expect(connection.counts.late).toBe(1);
  });

  test("a request that is never answered does not keep others from it", async () => {
    const { replies, connection } = await ask("silent", channel, SHORT);
    expect(replies).toMatchObject([{ kind: "silent" }, REFUSED_BY_DAEMON]);
    expect(connection.faults).toEqual([]);
  });

  test.each<[string, RegExp, object]>([
    ["exit", /^it ended with status 3; output: fault: exit$/, { code: 3, killed: false }],
    ["crash", /^it was killed by SIGABRT; output: /, { signal: "SIGABRT", killed: false }],
    ["close", /^it closed the channel and runs on; output: /, { signal: "SIGKILL", killed: true }],
    ["leave", /^it ended with status 0 and left a process behind/, { code: 0, leftOthers: true }],
    ["leave-unmarked", /^it ended with status 0 and left a process behind/, { code: 0, killed: false }],
    ["flood", /^it wrote \d{7} bytes that nobody asked for/, {}],
    ["flood-noise", /^it wrote \d{7} bytes that nobody asked for/, {}],
  ])("%s ends the connection with its reason", async (fault, how, end) => {
    const { replies, connection, closed } = await ask(fault, channel, LONG, fault === "close" ? SHORT : LONG);
    expect(replies).toMatchObject([gone(how), gone(how)]);
    expect(connection.gone).toMatch(how);
    expect(await connection.whenGone).toMatch(how);
    expect(closed).toMatchObject(end);
    expect(connection.faults.length).toBeLessThanOrEqual(1000);
    const left = /left (\d+)/.exec(closed.log)?.[1];
    if (left !== undefined) await expectEnded(Number(left));
    expect(left !== undefined).toBe(fault.startsWith("leave"));
  });

  test("what a daemon wrote before it died still counts", async () => {
    const { replies } = await ask("last-words", channel);
    expect(replies).toMatchObject([ANSWERED, gone(/^it was killed by SIGKILL/)]);
  });

  test("a daemon that dies while nobody asks", async () => {
    const { connection } = await session("die-idle", channel, async ({ whenGone }) => {
      expect(await whenGone).toMatch(/^it ended with status 3/);
    });
    expect(await getattrRoot(connection)).toMatchObject(gone(/status 3/));
  });

  test("a hanging daemon is killed, and what is asked meanwhile is not answered", async () => {
    const { replies, closed } = await hanging(channel);
    expect(replies).toEqual([{ kind: "silent" }, { kind: "silent" }]);
    expect(closed).toMatchObject({ signal: "SIGKILL", killed: true });
  });

  test("a reply to FORGET", async () => {
    const { connection } = await session("answers-forget", channel, async (c) => {
      await c.post(OPCODES.FORGET, 2n, forgetBody(1n));
      expect(await getattrRoot(c)).toMatchObject(ANSWERED);
    });
    expect(rules(connection)).toEqual(["daemon/reply/unique"]);
  });

  test.each<[string, RuleId[]]>([
    ["interrupt-again", []],
    ["interrupt-body", ["daemon/reply/length"]],
  ])("%s", async (fault, faults) => {
    const { connection } = await session(fault, channel, async (c) => {
      await c.interrupt(c.nextUnique());
      expect(await getattrRoot(c)).toMatchObject(ANSWERED);
    });
    expect(connection.counts.interruptReplies).toBe(1);
    expect(rules(connection)).toEqual(faults);
  });
});

async function hanging(channel: ChannelKind) {
  const replies: Reply[] = [];
  const play = async (connection: FuseConnection) => {
    replies.push(await getattrRoot(connection, { timeout: SHORT }));
    replies.push(await getattrRoot(connection, { timeout: SHORT }));
  };
  return { ...(await session("hang", channel, play, SHORT)), replies };
}

describe.concurrent("INIT", () => {
  test.each<[string, object]>([
    ["init-silent", { kind: "failed", rule: "daemon/reply/answered" }],
    ["init-noise", { kind: "failed", rule: "daemon/reply/answered" }],
    ["init-garbage", { kind: "failed", rule: "daemon/reply/length" }],
    [
      "init-short",
      {
        kind: "failed",
        rule: "daemon/init/version",
        detail: "INIT was answered with protocol 0.0 in 4 bytes",
      },
    ],
    ["init-long", { kind: "failed", rule: "daemon/reply/body-size" }],
    ["init-error", { kind: "failed", rule: "daemon/init/version", detail: "INIT was answered with EPROTO" }],
    ["init-major-8", { kind: "failed", rule: "daemon/init/version" }],
    ["init-major-6", { kind: "failed", rule: "daemon/init/version" }],
    ["init-crash", { kind: "failed", rule: "daemon/life/stays", detail: expect.stringContaining("SIGSEGV") }],
    ["init-8-bytes", { kind: "agreed", minor: 4, size: 8, flags: 0n, agreed: { fmap: false, maxPages: 32 } }],
    ["init-24-bytes", { kind: "agreed", minor: 22, size: 24, maxWrite: 65536 }],
    ["none", { kind: "agreed", minor: 31, size: 64 }],
  ])("%s", async (fault, expected) => {
    const never = ["init-silent", "init-noise"].includes(fault);
    const { init } = await session(fault, "seqpacket", async () => {}, LONG, never ? SHORT * 2 : LONG);
    expect(init).toMatchObject(expected);
  });
});

describe.concurrent("packets", () => {
  test("an empty one is a fault, and the channel goes on", async () => {
    const { replies, connection } = await ask("empty", "seqpacket");
    expect(replies).toMatchObject([ANSWERED, REFUSED_BY_DAEMON]);
    expect(rules(connection)).toEqual(["daemon/reply/length"]);
  });

  test("replies are matched with requests in whatever order they come", async () => {
    const { connection } = await session("reversed", "seqpacket", async (c) => {
      const order: number[] = [];
      const asked = Array.from({ length: 8 }, async (_, i) => {
        expect(await getattrRoot(c)).toMatchObject(ANSWERED);
        order.push(i);
      });
      await Promise.all(asked);
      expect(order).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
    });
    expect(connection.faults).toEqual([]);
  });

  test("more than the socket takes waits until the daemon reads", async () => {
    const big = new Uint8Array(100_000);
    const { closed } = await session(
      "hang",
      "seqpacket",
      async (c) => {
        const asked = [getattrRoot(c, { timeout: SHORT })];
        for (let i = 0; i < 200; i++) asked.push(c.request(OPCODES.STATFS, 1n, big, { timeout: SHORT }));
        const kinds = new Set((await Promise.all(asked)).map(({ kind }) => kind));
        expect([...kinds]).toEqual(["silent"]);
      },
      SHORT,
    );
    expect(closed.killed).toBe(true);
  });
});
