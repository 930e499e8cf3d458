import { hexOf, inHeader, outHeader, type Profile } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import { opcodeName } from "../../../subjects/daemon/opcode-name.ts";

/** What one side wrote at once. */
export interface TranscriptEntry {
  readonly from: "kernel" | "daemon";
  /** Name of the request's opcode, or of the request that a reply answers; null: the bytes belong to none. */
  readonly opcode: string | null;
  /** Hex, header and all. */
  readonly bytes: string;
}

/** Writes down all messages of a connection. */
export class Transcript {
  private entries: TranscriptEntry[] = [];
  private readonly opcodes = new Map<bigint, string>();
  private readonly profile: Profile;

  constructor(connection: FuseConnection, profile: Profile) {
    this.profile = profile;
    connection.taps.push((from, bytes) => {
      const opcode = from === "kernel" ? this.asked(bytes) : this.answered(bytes);
      this.entries.push({ from, opcode, bytes: hexOf(bytes) });
    });
  }

  /** The messages since the last call. */
  take(): readonly TranscriptEntry[] {
    const { entries } = this;
    this.entries = [];
    this.opcodes.clear();
    return entries;
  }

  private asked(bytes: Uint8Array): string {
    const { opcode, unique } = inHeader.read(bytes);
    const name = opcodeName(opcode, this.profile);
    this.opcodes.set(unique, name);
    return name;
  }

  private answered(bytes: Uint8Array): string | null {
    if (bytes.length < outHeader.size) return null;
    return this.opcodes.get(outHeader.read(bytes).unique) ?? null;
  }
}
