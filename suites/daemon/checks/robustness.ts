/** What no kernel sends. A daemon may refuse or leave in an orderly way; it may not crash, hang, or answer somebody else. */
import { inHeader, OPCODES, type Profile, ROOT_NODEID, type RuleId } from "../../../spec/index.ts";
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
const absurdRead = () => {
  const body = new Uint8Array(40);
  new DataView(body.buffer).setUint32(16, 0xffff_ffff, true);
  return body;
};
/** A BATCH_FORGET that announces 2^32 - 1 items and has none. */
const absurdForget = () => {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint32(0, 0xffff_ffff, true);
  return body;
};

/** The probes, by what they break; `fmapOpcode` is GET_FMAP of the profile. */
export function probes(fmapOpcode: number): Probe[] {
  const probe = (
    name: string,
    rule: RuleId,
    opcode: number,
    nodeid: bigint,
    body: Uint8Array,
    lie?: number,
  ): Probe => ({
    name,
    rule,
    opcode,
    nodeid,
    body,
    ...(lie === undefined ? {} : { lie }),
  });
  return [
    probe("opcode 4095", "robustness/opcode", 4095, ROOT_NODEID, bytes(0)),
    probe("opcode 0", "robustness/opcode", 0, ROOT_NODEID, bytes(0)),
    probe("opcode 2^32-1 with a page", "robustness/opcode", 0xffff_ffff, ROOT_NODEID, bytes(4096, 0xff)),
    probe("LOOKUP without a name", "robustness/truncated-body", OPCODES.LOOKUP, ROOT_NODEID, bytes(0)),
    probe("OPEN without a body", "robustness/truncated-body", OPCODES.OPEN, ROOT_NODEID, bytes(0)),
    probe("READDIR with 7 bytes", "robustness/truncated-body", OPCODES.READDIR, ROOT_NODEID, bytes(7)),
    probe("GET_FMAP without a body", "robustness/truncated-body", fmapOpcode, ROOT_NODEID, bytes(0)),
    probe("GETATTR of a wild nodeid", "robustness/wild-nodeid", OPCODES.GETATTR, WILD, bytes(16)),
    probe("GET_FMAP of a wild nodeid", "robustness/wild-nodeid", fmapOpcode, WILD, bytes(8)),
    probe("GETATTR of nodeid 0", "robustness/wild-nodeid", OPCODES.GETATTR, 0n, bytes(16)),
    probe("READ of 4 GiB", "robustness/count", OPCODES.READ, ROOT_NODEID, absurdRead()),
    probe("READDIR of 4 GiB", "robustness/count", OPCODES.READDIR, ROOT_NODEID, absurdRead()),
    probe("BATCH_FORGET of 2^32-1", "robustness/count", OPCODES.BATCH_FORGET, 0n, absurdForget()),
    probe("LOOKUP of a/b", "robustness/name", OPCODES.LOOKUP, ROOT_NODEID, text("a/b\0")),
    probe(
      "LOOKUP of ../../etc/passwd",
      "robustness/name",
      OPCODES.LOOKUP,
      ROOT_NODEID,
      text("../../etc/passwd\0"),
    ),
    probe("LOOKUP without a NUL", "robustness/name", OPCODES.LOOKUP, ROOT_NODEID, text("unterminated")),
    probe(
      "LOOKUP of 300 bytes",
      "robustness/name",
      OPCODES.LOOKUP,
      ROOT_NODEID,
      text(`${"n".repeat(300)}\0`),
    ),
    probe("a header that says less", "robustness/length", OPCODES.GETATTR, ROOT_NODEID, bytes(16), -4),
    probe("a header that says more", "robustness/length", OPCODES.GETATTR, ROOT_NODEID, bytes(16), 4096),
  ];
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

/** What is wrong with the reply to a probe; null: nothing. */
function complaint(p: Probe, reply: Reply): string | null {
  const { name, rule, judge } = p;
  if (judge !== undefined && reply.kind === "reply") return reply.error === 0 ? judge(reply.body) : null;
  const allowed = rule === "robustness/count" ? SHORT : 0;
  if (reply.kind === "reply" && reply.error === 0 && reply.body.length > allowed)
    return `${name} is answered with ${reply.body.length} bytes and no error`;
  // Whoever believes a length may wait for the rest.
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
  const message = new Uint8Array(inHeader.size + p.body.length);
  inHeader.write(message, 0, {
    len: message.length + (p.lie ?? 0),
    opcode: p.opcode,
    unique,
    nodeid: p.nodeid,
    uid: 0,
    gid: 0,
    pid: 1,
    total_extlen: 0,
    padding: 0,
  });
  message.set(p.body, inHeader.size);
  const before = connection.faults.length;
  const request = Buffer.from(message).toString("hex");
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
