import {
  forgetIn,
  getattrIn,
  getFmapIn,
  OPCODES,
  type Profile,
  ROOT_NODEID,
  readIn,
} from "../../../spec/index.ts";
import { opcodeName } from "../../../subjects/daemon/opcode-name.ts";
import { flushBody, getattrBody, releaseBody } from "../checks/request-bodies.ts";
import { isDirectory, type Kernel, type Opened } from "../kernel.ts";
import type { RecordedRequest } from "../starts/recording.ts";
import { PAGED } from "../starts/request-name.ts";
import { textOfName } from "../tree/name.ts";

const ENDS: readonly number[] = [OPCODES.RELEASE, OPCODES.RELEASEDIR];

/** An inode as this start of the daemon knows it. */
interface Known {
  readonly nodeid: bigint;
  readonly directory: boolean;
  readonly opened: Opened[];
}

/**
 * Asks a start of a daemon what another one was asked. What a request needs is done before it, unless a request before did:
 * its path is looked up, its file opened. So any of the requests can be left out.
 */
export class RecordedPlayer {
  private readonly kernel: Kernel;
  private readonly opcodes: ReadonlyMap<string, number>;
  private readonly known = new Map<string, Known>([
    ["/", { nodeid: ROOT_NODEID, directory: true, opened: [] }],
  ]);

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.opcodes = namesOf(kernel.profile);
  }

  /** Makes the request; not where its path is not there, and no FORGET of what is in use. Throws DaemonGone. */
  async play({ opcode: name, path, paths, nodeid, body: hex }: RecordedRequest): Promise<void> {
    const opcode = this.opcodes.get(name);
    if (opcode === undefined) return;
    const body = new Uint8Array(Buffer.from(hex ?? "", "hex"));
    if (paths !== undefined) await this.batchForget(paths);
    else if (path === undefined) await this.kernel.ask(opcode, BigInt(nodeid ?? 0), body);
    else if (opcode === OPCODES.LOOKUP) {
      const parent = await this.find(path);
      if (parent !== null) await this.look(parent, path, textOfName(body.subarray(0, -1)));
    } else {
      const known = await this.find(path);
      if (known !== null) await this.ask(opcode, path, known, body);
    }
  }

  private async ask(opcode: number, path: string, known: Known, body: Uint8Array): Promise<void> {
    const { kernel } = this;
    const { nodeid, directory } = known;
    const { getFmap } = kernel.profile.opcodes;
    if (opcode === OPCODES.FORGET && body.length === forgetIn.size)
      this.forget(path, forgetIn.read(body).nlookup);
    else if (opcode === OPCODES.OPEN || opcode === OPCODES.OPENDIR) await this.open(known);
    else if (ENDS.includes(opcode)) {
      const { fh } = await this.openedOf(known);
      known.opened.pop();
      await kernel.ask(opcode, nodeid, releaseBody(fh, directory));
    } else if (opcode === OPCODES.FLUSH)
      await kernel.ask(opcode, nodeid, flushBody((await this.openedOf(known)).fh));
    else if (PAGED.includes(opcode) && body.length === readIn.size) {
      const { fh } = await this.openedOf(known);
      readIn.write(body, 0, { ...readIn.read(body), fh });
      await kernel.ask(opcode, nodeid, body);
    } else if (opcode === OPCODES.GETATTR) {
      const ofHandle = body.length === getattrIn.size && getattrIn.read(body).getattr_flags !== 0;
      const fh = ofHandle ? (await this.openedOf(known)).fh : undefined;
      await kernel.ask(opcode, nodeid, getattrBody(fh));
    } else if (opcode === getFmap) {
      if (kernel.profile.request.hook === "open" && !directory) await this.openedOf(known);
      await kernel.getFmap(nodeid, body.length === getFmapIn.size ? getFmapIn.read(body).size : 0);
    } else await kernel.ask(opcode, nodeid, body);
  }

  /** What a path is in this start, looked up where it is not known; null: it is not there. */
  private async find(path: string): Promise<Known | null> {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    const at = path.lastIndexOf("/");
    const folder = path.slice(0, at) || "/";
    const parent = await this.find(folder);
    return parent === null ? null : this.look(parent, folder, path.slice(at + 1));
  }

  private async look(parent: Known, folder: string, name: string): Promise<Known | null> {
    const found = await this.kernel.lookup(parent.nodeid, name);
    if (!("value" in found)) return null;
    const { nodeid, mode } = found.value;
    const path = folder === "/" ? `/${name}` : `${folder}/${name}`;
    const before = this.known.get(path);
    if (before?.nodeid === nodeid) return before;
    const known = { nodeid, directory: isDirectory(mode), opened: [] };
    this.known.set(path, known);
    return known;
  }

  private async open(known: Known): Promise<void> {
    const opened = await this.kernel.open(known.nodeid, known.directory);
    if ("value" in opened) known.opened.push(opened.value);
  }

  /** The handle that was opened last; one of 0 where the daemon gives none. */
  private async openedOf(known: Known): Promise<Pick<Opened, "fh">> {
    if (known.opened.length === 0) await this.open(known);
    return known.opened.at(-1) ?? { fh: 0n };
  }

  private forget(path: string, n: bigint): void {
    const known = this.known.get(path);
    if (known === undefined || this.isInUse(path, known)) return;
    const all = this.kernel.lookups.get(known.nodeid) ?? 0n;
    if (n >= all) this.known.delete(path);
    this.kernel.forget(known.nodeid, n < all ? n : all);
  }

  private async batchForget(paths: readonly string[]): Promise<void> {
    const nodeids: bigint[] = [];
    for (const path of paths) {
      const known = await this.find(path);
      if (known === null || this.isInUse(path, known)) continue;
      nodeids.push(known.nodeid);
      if ((this.kernel.lookups.get(known.nodeid) ?? 0n) <= 1n) this.known.delete(path);
    }
    this.kernel.batchForget(nodeids);
  }

  /** Whether a kernel holds it: what is open, and a directory of which it knows a name. */
  private isInUse(path: string, { opened }: Known): boolean {
    return path === "/" || opened.length > 0 || [...this.known.keys()].some((p) => p.startsWith(`${path}/`));
  }
}

const namesOf = (profile: Profile): ReadonlyMap<string, number> =>
  new Map(
    [...Object.values(OPCODES), profile.opcodes.getFmap, profile.opcodes.getDaxdev]
      .filter((opcode) => opcode !== null)
      .map((opcode) => [opcodeName(opcode, profile), opcode]),
  );
