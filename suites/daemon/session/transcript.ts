import { inHeader, outHeader, type Profile } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import { opcodeName } from "../../../subjects/daemon/opcode-name.ts";

/** What one side wrote at once. */
export interface Said {
  readonly from: "kernel" | "daemon";
  /** Name of the request's opcode, or of the request that a reply answers; null: the bytes belong to none. */
  readonly opcode: string | null;
  /** Hex, header and all. */
  readonly bytes: string;
}

/** Writes down what is said on a connection. */
export class Transcript {
  private said: Said[] = [];
  private readonly opcodes = new Map<bigint, string>();
  private readonly profile: Profile;

  constructor(connection: FuseConnection, profile: Profile) {
    this.profile = profile;
    connection.taps.push((from, bytes) => {
      const opcode = from === "kernel" ? this.asked(bytes) : this.answered(bytes);
      this.said.push({ from, opcode, bytes: Buffer.from(bytes).toString("hex") });
    });
  }

  /** What was said since the last call. */
  take(): readonly Said[] {
    const { said } = this;
    this.said = [];
    this.opcodes.clear();
    return said;
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
