import { entryOut, forgetIn, getattrIn, OPCODES, ROOT_NODEID } from "../../../spec/index.ts";
import type { FuseConnection } from "../channel/connection.ts";
import type { Reply } from "../reply.ts";

export const nameBody = (name: string): Uint8Array => new TextEncoder().encode(`${name}\0`);

const getattrBody = new Uint8Array(getattrIn.size);

export const getattrRoot = (connection: FuseConnection, options = {}): Promise<Reply> =>
  connection.request(OPCODES.GETATTR, ROOT_NODEID, getattrBody, options);

export function forgetBody(nlookup: bigint): Uint8Array {
  const body = new Uint8Array(forgetIn.size);
  forgetIn.write(body, 0, { nlookup });
  return body;
}

/** LOOKUP and FORGET so many times, `width` at once; returns how many lookups were not answered with an entry. */
export async function lookUpAndForget(
  connection: FuseConnection,
  name: string,
  times: number,
  width: number,
): Promise<number> {
  const body = nameBody(name);
  const forget = forgetBody(1n);
  let left = times;
  let lost = 0;
  const worker = async () => {
    while (left-- > 0) {
      const reply = await connection.request(OPCODES.LOOKUP, ROOT_NODEID, body);
      if (reply.kind !== "reply" || reply.error !== 0) lost++;
      else await connection.post(OPCODES.FORGET, entryOut.read(reply.body).nodeid, forget);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return lost;
}
