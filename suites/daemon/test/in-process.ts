import {
  DEFAULT_PROFILE,
  type FieldTypes,
  initIn,
  initOut,
  manifestFromJson,
  OPCODES,
  outHeader,
  type Profile,
  type RecordOf,
  type Struct,
} from "../../../spec/index.ts";
import { agreementOn, flagsOf } from "../../../subjects/daemon/agreement.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import type { Fault, Reply } from "../../../subjects/daemon/reply.ts";
import { ReferenceDaemon } from "../../../subjects/reference/daemon.ts";
import { DEFAULT_MANIFEST } from "../../../subjects/reference/default-manifest.ts";
import { initBody, messageOf } from "../../../subjects/reference/test/asking.ts";
import { Kernel } from "../kernel.ts";
import { DaemonLedger } from "../ledger.ts";

const NOTHING: Uint8Array = new Uint8Array();

/** What a test answers in place of the daemon; null leaves its answer as it is, which is null where it is an error. */
export type Change = (
  request: { readonly opcode: number; readonly nodeid: bigint; readonly body: Uint8Array },
  answer: Uint8Array | null,
) => Reply | null;

/** The reference daemon without a process, behind what the suite takes for a connection to it. */
export function inProcess(change: Change = () => null, profile: Profile = DEFAULT_PROFILE) {
  const daemon = new ReferenceDaemon(manifestFromJson(DEFAULT_MANIFEST));
  const offer = { ...initIn.read(initBody()), minor: profile.minor };
  const [init] = daemon.answer(messageOf(OPCODES.INIT, 0n, initBody(offer), { unique: 2n }));
  const agreed = agreementOn(
    { minor: profile.minor, flags: flagsOf(offer), maxReadahead: offer.max_readahead },
    initOut.read(init as Uint8Array, outHeader.size),
    profile,
  );
  const faults: Fault[] = [];
  const ask = (opcode: number, nodeid: bigint, body: Uint8Array = NOTHING): Reply => {
    const [message] = daemon.answer(messageOf(opcode, nodeid, body, { unique: 4n }));
    const error = message === undefined ? 0 : outHeader.read(message).error;
    const answer = message === undefined || error !== 0 ? null : message.slice(outHeader.size);
    const own: Reply = { kind: "reply", error, body: answer ?? NOTHING };
    return change({ opcode, nodeid, body }, answer) ?? own;
  };
  let unique = 4n;
  const connection = {
    faults,
    agreed,
    absent: new Set(),
    gone: null,
    pipelined: true,
    nextUnique: () => (unique += 2n),
    interrupt: async () => {},
    request: async (opcode: number, nodeid: bigint, body?: Uint8Array) => ask(opcode, nodeid, body),
    post: async (opcode: number, nodeid: bigint, body: Uint8Array) => void ask(opcode, nodeid, body),
  } as unknown as FuseConnection;
  const ledger = new DaemonLedger();
  return { daemon, connection, faults, ledger, kernel: new Kernel(connection, ledger, profile) };
}

/** The answer with some fields of its struct changed. */
export function altered<F extends FieldTypes>(
  struct: Struct<F>,
  answer: Uint8Array,
  fields: Partial<RecordOf<F>>,
): Reply {
  const body = answer.slice();
  struct.write(body, 0, { ...struct.read(body), ...fields });
  return { kind: "reply", error: 0, body };
}

export const errnoReply = (errno: number): Reply => ({ kind: "reply", error: -errno, body: NOTHING });
