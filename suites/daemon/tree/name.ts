/**
 * Names are bytes, and reports are text. A name that is no UTF-8 becomes text with a lone surrogate (U+DC80 to U+DCFF) for
 * each byte above 127, as Python's surrogateescape does: no two names become the same text, and the bytes come back.
 */

const ESCAPE = 0xdc00;
const LONE = /\p{Surrogate}/u;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function textOfName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return [...bytes].map((byte) => String.fromCharCode(byte < 128 ? byte : ESCAPE + byte)).join("");
  }
}

export const bytesOfName = (name: string): Buffer =>
  LONE.test(name) ? Buffer.from([...name].map((c) => c.charCodeAt(0) & 0xff)) : Buffer.from(name);
