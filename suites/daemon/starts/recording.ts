/** The requests of one start of a daemon, as another start can be asked them: by paths, as nodeids are its own. */
import { batchForgetIn, forgetOne, hexOf, OPCODES, type Profile } from "../../../spec/index.ts";
import { opcodeName } from "../../../subjects/daemon/opcode-name.ts";
import type { Paths } from "./request-name.ts";

/** One request: what it is about, and the bytes behind its header. */
export interface RecordedRequest {
  /** Name of the opcode. */
  readonly opcode: string;
  /** Path of the nodeid in the header: of LOOKUP the directory. Missing: no LOOKUP gave it. */
  readonly path?: string;
  /** In decimal, where there is no path. */
  readonly nodeid?: string;
  /** Of BATCH_FORGET: what is given back. */
  readonly paths?: readonly string[];
  /** Hex; missing: there is none. */
  readonly body?: string;
}

/** Requests that are kept, the last ones: a report has to stay small. */
const KEPT = 1000;

/** Remembers what was asked. */
export class Recording {
  private notes: { opcode: number; nodeid: bigint; path?: string; paths?: string[]; body: Uint8Array }[] = [];
  private readonly paths: Paths;
  private readonly profile: Profile;

  constructor(profile: Profile, paths: Paths) {
    this.profile = profile;
    this.paths = paths;
  }

  note(opcode: number, nodeid: bigint, body: Uint8Array): void {
    // The number in GET_DAXDEV's header is an index.
    const path = opcode === this.profile.opcodes.getDaxdev ? undefined : this.paths.of(nodeid);
    this.notes.push({
      opcode,
      nodeid,
      body,
      ...(path === undefined ? {} : { path }),
      ...(opcode === OPCODES.BATCH_FORGET ? { paths: this.forgotten(body) } : {}),
    });
    if (this.notes.length >= 2 * KEPT) this.notes = this.notes.slice(-KEPT);
  }

  /** What was asked last, the oldest first. */
  requests(): RecordedRequest[] {
    return this.notes.slice(-KEPT).map(({ opcode, nodeid, path, paths, body }) => ({
      opcode: opcodeName(opcode, this.profile),
      ...(path === undefined ? { nodeid: `${nodeid}` } : { path }),
      ...(paths === undefined ? {} : { paths }),
      ...(body.length === 0 ? {} : { body: hexOf(body) }),
    }));
  }

  private forgotten(body: Uint8Array): string[] {
    const paths: string[] = [];
    for (let at = batchForgetIn.size; at + forgetOne.size <= body.length; at += forgetOne.size) {
      const path = this.paths.of(forgetOne.read(body, at).nodeid);
      if (path !== undefined) paths.push(path);
    }
    return paths;
  }
}
