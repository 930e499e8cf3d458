import {
  type FieldTypes,
  inHeader,
  OPCODES,
  type RecordOf,
  type Struct,
  UNANSWERED,
} from "../../spec/index.ts";
import { Refusal } from "./reply.ts";

export interface Request {
  readonly opcode: number;
  readonly unique: bigint;
  readonly nodeid: bigint;
  readonly body: Uint8Array;
  /** The header's length is that of the message. */
  readonly honest: boolean;
}

/** Bytes up to the end of `unique`: without them there is nobody to answer. */
const ANSWERABLE = inHeader.offsetOf("nodeid");

/** The request of a message, as far as it goes; null: it is too short to say whom to answer. */
export function readRequest(message: Uint8Array): Request | null {
  if (message.length < ANSWERABLE) return null;
  let whole = message;
  if (message.length < inHeader.size) {
    whole = new Uint8Array(inHeader.size);
    whole.set(message);
  }
  const { len, opcode, unique, nodeid } = inHeader.read(whole);
  const honest = len === message.length && message.length >= inHeader.size;
  return { opcode, unique, nodeid, body: message.subarray(inHeader.size), honest };
}

/** Whether the kernel waits for a reply. An INTERRUPT is answered only by daemons that could not obey it. */
export const hasReply = ({ opcode }: Request): boolean =>
  !UNANSWERED.includes(opcode) && opcode !== OPCODES.INTERRUPT;

/** The body's record; more bytes may follow it. Throws Refusal where the body is too short. */
export function bodyOf<F extends FieldTypes>({ body }: Request, struct: Struct<F>): RecordOf<F> {
  if (body.length < struct.size) throw new Refusal("EINVAL");
  return struct.read(body);
}
