import { hexOf, inHeader, OPCODES, type Profile, ROOT_NODEID, readIn } from "../../../spec/index.ts";
import { opcodeName } from "../../../subjects/daemon/opcode-name.ts";

/** A request by what it is about, which is the same in every start of the daemon, as nodeids are not. */
export interface NamedRequest {
  /** Name of the opcode. */
  readonly kind: string;
  /** `GETATTR of /a/b`. */
  readonly text: string;
  /** Path in the daemon's tree; missing: it is about none that is known. */
  readonly path?: string;
  /** Hex, header and all. */
  readonly bytes: () => string;
}

/** Requests whose answers are pages: which page is part of what is asked. */
export const PAGED: readonly number[] = [OPCODES.READ, OPCODES.READDIR, OPCODES.READDIRPLUS];

/** The paths of nodeids in one start of a daemon, as LOOKUP made them known. */
export class Paths {
  private readonly known = new Map<bigint, string>([[ROOT_NODEID, "/"]]);
  private readonly profile: Profile;

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /** Learns where a nodeid stands. */
  learn(parent: bigint, name: string, nodeid: bigint): void {
    const path = this.below(parent, name);
    // The root has a name already; what else it is called is for the tree's requirements.
    if (path !== undefined && nodeid !== ROOT_NODEID) this.known.set(nodeid, path);
  }

  /** Where a nodeid stands; undefined: no LOOKUP gave it. */
  of(nodeid: bigint): string | undefined {
    return this.known.get(nodeid);
  }

  /** Names a message to the daemon. */
  name(message: Uint8Array): NamedRequest {
    const { opcode, nodeid } = inHeader.read(message);
    const kind = opcodeName(opcode, this.profile);
    const body = message.subarray(inHeader.size);
    const bytes = () => hexOf(message);
    if (nodeid === 0n || opcode === this.profile.opcodes.getDaxdev)
      return { kind, text: nodeid === 0n ? kind : `${kind} of ${nodeid}`, bytes };
    const end = body.indexOf(0);
    const path =
      opcode === OPCODES.LOOKUP
        ? this.below(nodeid, Buffer.from(end < 0 ? body : body.subarray(0, end)).toString("utf8"))
        : this.known.get(nodeid);
    const page =
      PAGED.includes(opcode) && body.length >= readIn.size ? ` at offset ${readIn.read(body).offset}` : "";
    const text = `${kind} of ${path ?? `nodeid ${nodeid}`}${page}`;
    return path === undefined ? { kind, text, bytes } : { kind, text, path, bytes };
  }

  private below(parent: bigint, name: string): string | undefined {
    const folder = this.known.get(parent);
    return folder === undefined ? undefined : folder === "/" ? `/${name}` : `${folder}/${name}`;
  }
}
