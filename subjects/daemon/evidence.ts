import { bytesOf, hexOf, outHeader } from "../../spec/index.ts";
import type { Fault, Reply, RequestLabel } from "./reply.ts";
import { encodeRequest, self } from "./request.ts";

/** Hex of the bytes of one exchange, headers and all; a request that was not answered has no reply. */
export interface Evidence {
  readonly request: string;
  readonly reply?: string;
}

/** The bytes of a request with this body, and of the reply that came. */
export function evidenceOf(label: RequestLabel, body: Uint8Array, reply: Reply): Evidence {
  const request = hexOf(encodeRequest(label, self(), body));
  if (reply.kind !== "reply") return { request };
  const len = outHeader.size + reply.body.length;
  const header = bytesOf(outHeader, { len, error: reply.error, unique: label.unique });
  return { request, reply: hexOf(header) + hexOf(reply.body) };
}

/** What is known of the exchange in which a fault came: the request's header, whose body is not kept, and the reply. */
export const evidenceOfFault = ({ request, reply }: Fault): Partial<Evidence> => ({
  ...(request === undefined ? {} : { request: hexOf(encodeRequest(request, self(), new Uint8Array())) }),
  ...(reply === undefined ? {} : { reply: hexOf(reply) }),
});
