import { blame, KernelParser } from "../../oracles/index.ts";
import type { Profile, RuleId } from "../../spec/index.ts";

/** A guest that crashed before it replied. */
export interface KernelCrash {
  readonly suite: "parser" | "kernel" | "kunit";
  readonly profile: string;
  readonly seed: number;
  readonly version: string;
  readonly subject: string;
  /** The kernel's last lines. */
  readonly why: string;
  /** Hex of the message in the parser at that moment; null: the kernel did not report it. */
  readonly message: string | null;
  /** The rule that decides on that message. */
  readonly rule: RuleId | null;
  readonly seconds: number;
}

/** The message that a kernel's console names as in flight. */
export function messageInFlight(console: string): Uint8Array | null {
  const hex = [...console.matchAll(/fmapspec: in flight ([0-9a-f]+)/g)].map(([, bytes]) => bytes).join("");
  return hex === "" ? null : new Uint8Array(Buffer.from(hex, "hex"));
}

/** The rule that decides on a message. */
export function decidingRule(profile: Profile, message: Uint8Array): RuleId {
  const oracle = new KernelParser(profile);
  oracle.parse(new DataView(message.buffer, message.byteOffset, message.length), 0, message.length);
  return blame(oracle, message);
}
