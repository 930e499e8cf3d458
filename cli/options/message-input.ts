import { existsSync } from "node:fs";
import { UsageError } from "../../base/errors.ts";
import { encodeMessage, type MessageDocument } from "../../spec/index.ts";
import { readInput } from "../store/files.ts";

const HEX = /^\s*(0x)?[0-9a-fA-F\s:]*$/i;

function fromHex(text: string, from: string): Buffer {
  const digits = text.replace(/[\s:]/g, "").replace(/^0x/i, "");
  const wrong = digits.search(/[^0-9a-fA-F]/);
  if (wrong >= 0) throw new UsageError(`${from}: '${digits[wrong]}' is no hex digit (digit ${wrong + 1})`);
  if (digits.length % 2 !== 0)
    throw new UsageError(`${from}: ${digits.length} hex digits are an odd number; a byte takes two`);
  return Buffer.from(digits, "hex");
}

async function fromJson(text: string, from: string): Promise<Buffer> {
  let doc: unknown;
  try {
    doc = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${from} is not JSON: ${(error as Error).message}`);
  }
  // The validator takes longer to load than all the rest; hex and raw bytes do without it.
  const { misfit } = await import("../../base/schema-check.ts");
  const wrong = misfit("message", doc);
  if (wrong !== null) throw new UsageError(`${from} is no message document: ${wrong}`);
  return Buffer.from(encodeMessage(doc as MessageDocument));
}

/**
 * The message that an argument stands for: hex digits, or a file (`-` is standard input) with hex digits, a message
 * document in JSON, or the raw bytes. Throws UsageError.
 */
export async function readMessage(argument: string): Promise<Buffer> {
  if (argument !== "-" && !existsSync(argument)) {
    const short = argument.length > 40 ? `${argument.slice(0, 40)}...` : argument;
    if (argument.trim() === "") throw new UsageError(`'${short}' is neither a file nor hex digits`);
    return fromHex(argument, `'${short}' is no file, and no message in hex`);
  }
  const bytes = await readInput(argument);
  const from = argument === "-" ? "standard input" : argument;
  const text = bytes.toString("latin1");
  if (/^\s*[{[]/.test(text) && !text.includes("\0")) return fromJson(bytes.toString("utf8"), from);
  return bytes.length > 0 && HEX.test(text) ? fromHex(text, from) : bytes;
}
