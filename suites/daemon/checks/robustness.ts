/** What no kernel sends. A daemon may refuse or leave in an orderly way; it may not crash, hang, or answer somebody else. */
import {
  batchForgetIn,
  bytesOf,
  inHeader,
  OPCODES,
  type Profile,
  ROOT_NODEID,
  type RuleId,
  readIn,
} from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import type { Reply } from "../../../subjects/daemon/reply.ts";
import type { DaemonLedger } from "../ledger.ts";
import { strangeAnswer, unusedIndexes } from "./daxdevs.ts";

export interface Probe {
  readonly name: string;
  readonly rule: RuleId;
  readonly opcode: number;
  readonly nodeid: bigint;
  readonly body: Uint8Array;
  /** What the header says the message's length is, less its true length. */
  readonly lie?: number;
  /** Why an answer without an error is wrong; without it each such answer of more than a few bytes is. */
  readonly judge?: (body: Uint8Array) => string | null;
}

const text = (s: string) => Buffer.from(s);
const bytes = (n: number, fill = 0) => new Uint8Array(n).fill(fill);
const WILD = 0x7fff_dead_beef_0000n;

/** The body of READ or READDIR that asks for 4 GiB. */
const absurdRead = bytesOf(readIn, { size: 0xffff_ffff });
/** A BATCH_FORGET that announces 2^32 - 1 items and has none. */
const absurdForget = bytesOf(batchForgetIn, { count: 0xffff_ffff });

/** The probes, by what they break; `fmapOpcode` is GET_FMAP of the profile. */
export function probes(fmapOpcode: number): Probe[] {
  const { LOOKUP, GETATTR, OPEN, READ, READDIR, BATCH_FORGET } = OPCODES;
  const ROOT = ROOT_NODEID;
  const rows: readonly (readonly [RuleId, string, number, bigint, Uint8Array, number?])[] = [
    ["robustness/opcode", "opcode 4095", 4095, ROOT, bytes(0)],
    ["robustness/opcode", "opcode 0", 0, ROOT, bytes(0)],
    ["robustness/opcode", "opcode 2^32-1 with a page", 0xffff_ffff, ROOT, bytes(4096, 0xff)],
    ["robustness/truncated-body", "LOOKUP without a name", LOOKUP, ROOT, bytes(0)],
    ["robustness/truncated-body", "OPEN without a body", OPEN, ROOT, bytes(0)],
    ["robustness/truncated-body", "READDIR with 7 bytes", READDIR, ROOT, bytes(7)],
    ["robustness/truncated-body", "GET_FMAP without a body", fmapOpcode, ROOT, bytes(0)],
    ["robustness/wild-nodeid", "GETATTR of a wild nodeid", GETATTR, WILD, bytes(16)],
    ["robustness/wild-nodeid", "GET_FMAP of a wild nodeid", fmapOpcode, WILD, bytes(8)],
    ["robustness/wild-nodeid", "GETATTR of nodeid 0", GETATTR, 0n, bytes(16)],
    ["robustness/count", "READ of 4 GiB", READ, ROOT, absurdRead],
    ["robustness/count", "READDIR of 4 GiB", READDIR, ROOT, absurdRead],
    ["robustness/count", "BATCH_FORGET of 2^32-1", BATCH_FORGET, 0n, absurdForget],
    ["robustness/name", "LOOKUP of a/b", LOOKUP, ROOT, text("a/b\0")],
    ["robustness/name", "LOOKUP of ../../etc/passwd", LOOKUP, ROOT, text("../../etc/passwd\0")],
    ["robustness/name", "LOOKUP without a NUL", LOOKUP, ROOT, text("unterminated")],
    ["robustness/name", "LOOKUP of 300 bytes", LOOKUP, ROOT, text(`${"n".repeat(300)}\0`)],
    ["robustness/length", "a header that says less", GETATTR, ROOT, bytes(16), -4],
    ["robustness/length", "a header that says more", GETATTR, ROOT, bytes(16), 4096],
  ];
  return rows.map(([rule, name, opcode, nodeid, body, lie]) => ({
    name,
    rule,
    opcode,
    nodeid,
    body,
    ...(lie === undefined ? {} : { lie }),
  }));
}

/** GET_DAXDEV of every index that no map uses; `names`: the daxdev of each that one does. */
export function daxdevProbes({ opcodes }: Profile, names: ReadonlyMap<bigint, string>): Probe[] {
  const { getDaxdev } = opcodes;
  if (getDaxdev === null || names.size === 0) return [];
  return unusedIndexes(names.keys()).map((index) => ({
    name: `GET_DAXDEV of index ${index}`,
    rule: "daemon/daxdev/unknown-index",
    opcode: getDaxdev,
    nodeid: index,
    body: bytes(0),
    judge: (body) => strangeAnswer(index, body, names),
  }));
}

/** Opcodes that have no answer: silence is right. */
const MUTE: readonly number[] = [OPCODES.BATCH_FORGET];

/** Milliseconds for the answer to something that need not be answered. */
const PATIENCE = 500;

/** The fault of the reply to a probe; null: it has none. */
function complaint(p: Probe, reply: Reply): string | null {
  const { name, rule, judge } = p;
  if (judge !== undefined && reply.kind === "reply") return reply.error === 0 ? judge(reply.body) : null;
  const allowed = rule === "robustness/count" ? SHORT : 0;
  if (reply.kind === "reply" && reply.error === 0 && reply.body.length > allowed)
    return `${name} is answered with ${reply.body.length} bytes and no error`;
  // A daemon that believes the length may wait for the rest.
  return reply.kind === "silent" && rule !== "robustness/length" ? `${name} is not answered` : null;
}

/** A short answer to an absurd count is as good as an error. */
const SHORT = 1 << 20;

/** What a connection says of answers that belong to another request, or to none any more. */
const STRAY: readonly RuleId[] = ["daemon/reply/unique", "daemon/reply/once"];

/** Sends one probe and then asks an ordinary question; returns how the daemon is afterwards. */
export async function sendProbe(
  connection: FuseConnection,
  ledger: DaemonLedger,
  p: Probe,
): Promise<"well" | "badly" | "hangs"> {
  connection.hostile = true;
  const unique = connection.nextUnique();
  const len = inHeader.size + p.body.length + (p.lie ?? 0);
  const { opcode, nodeid } = p;
  const message = Buffer.concat([bytesOf(inHeader, { len, opcode, unique, nodeid, pid: 1 }), p.body]);
  const before = connection.faults.length;
  const request = message.toString("hex");
  if (MUTE.includes(p.opcode)) {
    await connection.postRaw(message);
    ledger.check(p.rule, null);
  } else {
    const reply = await connection.requestRaw(message, unique, { timeout: PATIENCE });
    ledger.check(p.rule, complaint(p, reply), { request });
  }
  const alive = await connection.request(OPCODES.GETATTR, ROOT_NODEID, new Uint8Array(16));
  const wrong =
    alive.kind === "silent"
      ? `after ${p.name} it does not answer any more`
      : alive.kind === "gone" && /signal|SIG/.test(alive.how)
        ? `after ${p.name}: ${alive.how}`
        : null;
  ledger.check("robustness/survives", wrong, { request });
  const stray = connection.faults.slice(before).find((f) => STRAY.includes(f.rule));
  ledger.check("robustness/answers-the-asker", stray === undefined ? null : `${p.name}: ${stray.detail}`, {
    request,
  });
  if (alive.kind === "silent") return "hangs";
  return alive.kind === "reply" && connection.faults.length === before ? "well" : "badly";
}
