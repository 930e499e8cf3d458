import { inHeader } from "../../spec/index.ts";
import type { RequestLabel } from "./reply.ts";

/** The process on whose behalf the kernel asks. */
export interface Caller {
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
}

/** Ourselves. */
export const self = (): Caller => ({
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  pid: process.pid,
});

/** The bytes of a request. */
export function encodeRequest({ opcode, nodeid, unique }: RequestLabel, caller: Caller, body: Uint8Array) {
  const len = inHeader.size + body.length;
  // From Node's pool: to give a small array of its own to C costs 2 us more.
  const bytes = Buffer.allocUnsafe(len);
  inHeader.write(bytes, 0, { len, opcode, unique, nodeid, ...caller, total_extlen: 0, padding: 0 });
  bytes.set(body, inHeader.size);
  return bytes;
}

/** What a request's header says, or undefined for bytes that have none. */
export function labelOf(bytes: Uint8Array): RequestLabel | undefined {
  if (bytes.length < inHeader.size) return undefined;
  const { opcode, nodeid, unique } = inHeader.read(bytes);
  return { opcode, nodeid, unique };
}
