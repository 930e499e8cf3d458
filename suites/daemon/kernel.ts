import {
  attrOut,
  daxdevOut,
  ERRNO,
  entryOut,
  errnoName,
  MODE,
  OPCODES,
  openOut,
  type Profile,
  statfsOut,
} from "../../spec/index.ts";
import type { Agreed } from "../../subjects/daemon/agreement.ts";
import type { FuseConnection } from "../../subjects/daemon/channel/connection.ts";
import { type Evidence, evidenceOf } from "../../subjects/daemon/evidence.ts";
import { opcodeName } from "../../subjects/daemon/opcode-name.ts";
import {
  batchForgetBody,
  FOPEN_NOFLUSH,
  flushBody,
  forgetBody,
  getattrBody,
  getFmapBody,
  MINOR_OF_BATCH_FORGET,
  openBody,
  readdirBody,
  releaseBody,
  replySize,
} from "./checks/request-bodies.ts";
import type { DaemonLedger } from "./ledger.ts";
import { Asking } from "./starts/asking.ts";
import { DeadlyRequests } from "./starts/deadly-requests.ts";
import { bytesOfName } from "./tree/name.ts";
import { UNJUDGED } from "./unjudged.ts";

/** What a request came to: its value, a positive errno, or no usable answer (which is reported already). */
export type Result<T> = (
  | { readonly value: T }
  | { readonly errno: number }
  | { readonly unusable: string }
) & {
  /** The bytes of the exchange, as evidence of a failure. */
  readonly evidence?: () => Evidence;
};

/** What OPEN or OPENDIR came to. */
export type Opened = ReturnType<typeof openOut.read>;

export type Entry = ReturnType<typeof entryOut.read>;
export type Attr = ReturnType<typeof attrOut.read>;

export const isDirectory = (mode: number): boolean => (mode & MODE.typeMask) === MODE.directory;
export const isRegular = (mode: number): boolean => (mode & MODE.typeMask) === MODE.regular;
export const isSymlink = (mode: number): boolean => (mode & MODE.typeMask) === MODE.symlink;

const NOTHING = new Uint8Array();
const NUL = Uint8Array.of(0);

interface Readable<T> {
  readonly size: number;
  readonly cName: string;
  read(bytes: Uint8Array, at?: number): T;
}

/** The requests that a kernel makes, in types; every answer is compared with the requirements of replies. */
export class Kernel {
  readonly connection: FuseConnection;
  readonly profile: Profile;
  /** What was agreed in INIT: every request obeys it. */
  readonly agreed: Agreed;
  /** Where all that is found of this daemon is noted. */
  readonly ledger: DaemonLedger;
  private readonly asking: Asking;
  /** How many lookups of each nodeid the daemon counts. */
  readonly lookups = new Map<bigint, bigint>();
  /** The inode number of each nodeid, where the revision asks for maps by that. */
  private readonly inos = new Map<bigint, bigint>();

  /** Throws where INIT has not succeeded: no kernel asks before. */
  constructor(
    connection: FuseConnection,
    ledger: DaemonLedger,
    profile: Profile,
    asking = new Asking(connection, profile, new DeadlyRequests(), false),
  ) {
    if (connection.agreed === null) throw new Error("a kernel asks nothing before INIT was answered");
    this.agreed = connection.agreed;
    this.connection = connection;
    this.ledger = ledger;
    this.profile = profile;
    this.asking = asking;
  }

  /** Any request; throws DaemonGone when the daemon is. */
  async ask(opcode: number, nodeid: bigint, body: Uint8Array = NOTHING): Promise<Result<Uint8Array>> {
    const unique = this.connection.nextUnique();
    const reply = await this.asking.request(opcode, nodeid, body, unique);
    if (reply === null) return { unusable: UNJUDGED };
    const evidence = () => evidenceOf({ opcode, nodeid, unique }, body, reply);
    // The fault of an answer that no kernel takes stands among the connection's.
    if (reply.kind === "refused") return { unusable: reply.fault.detail };
    if (reply.kind === "silent")
      this.ledger.check(
        this.connection.hostile ? "robustness/survives" : "daemon/reply/answered",
        `no answer to ${opcodeName(opcode, this.profile)} of nodeid ${nodeid}`,
        evidence(),
      );
    else if (!this.connection.hostile) this.ledger.check("daemon/reply/answered", null);
    if (reply.kind === "silent") return { unusable: UNJUDGED };
    return reply.error < 0 ? { errno: -reply.error, evidence } : { value: reply.body, evidence };
  }

  /** A request whose answer is one struct, exactly, of which an old protocol has the first bytes. */
  private async askFor<T>(
    s: Readable<T>,
    opcode: number,
    nodeid: bigint,
    body?: Uint8Array,
  ): Promise<Result<T>> {
    const answer = await this.ask(opcode, nodeid, body);
    if (!("value" in answer)) return answer;
    const { length } = answer.value;
    const { minor } = this.agreed;
    const size = replySize(opcode, minor, s.size);
    if (length === size) {
      this.ledger.check("daemon/reply/body-size", null);
      const whole = new Uint8Array(s.size);
      whole.set(answer.value);
      return { ...answer, value: s.read(whole) };
    }
    const of = size === s.size ? "" : ` in protocol 7.${minor}`;
    const wrong = `${opcodeName(opcode, this.profile)} is answered with ${length} bytes, ${s.cName} has ${size}${of}`;
    this.ledger.check("daemon/reply/body-size", wrong, answer.evidence?.());
    return { unusable: wrong };
  }

  async lookup(parent: bigint, name: string): Promise<Result<Entry>> {
    const found = await this.askFor(
      entryOut,
      OPCODES.LOOKUP,
      parent,
      Buffer.concat([bytesOfName(name), NUL]),
    );
    // A negative entry: the name does not exist, and the kernel may remember so.
    if ("value" in found && found.value.nodeid === 0n) return { errno: ERRNO.ENOENT };
    if ("value" in found) this.counted(parent, name, found.value);
    return found;
  }

  /** LOOKUP of a name, which is given back at once. */
  async peek(parent: bigint, name: string): Promise<Result<Entry>> {
    const found = await this.lookup(parent, name);
    if ("value" in found) this.forget(found.value.nodeid, 1n);
    return found;
  }

  /** Counts one lookup of a name, by LOOKUP or by READDIRPLUS. */
  counted(parent: bigint, name: string, { nodeid, ino }: Pick<Entry, "nodeid" | "ino">): void {
    this.asking.paths.learn(parent, name, nodeid);
    if (this.profile.request.nodeid === "inode number") this.inos.set(nodeid, ino);
    this.lookups.set(nodeid, (this.lookups.get(nodeid) ?? 0n) + 1n);
  }

  /** Takes back n lookups without a word to the daemon. */
  uncounted(nodeid: bigint, n = 1n): void {
    const left = (this.lookups.get(nodeid) ?? 0n) - n;
    if (left > 0n) this.lookups.set(nodeid, left);
    else this.lookups.delete(nodeid);
  }

  /** Gives back n lookups of the nodeid, all of them by default. */
  forget(nodeid: bigint, n = this.lookups.get(nodeid) ?? 0n): void {
    if (n === 0n) return;
    this.uncounted(nodeid, n);
    this.asking.post(OPCODES.FORGET, nodeid, forgetBody(n));
  }

  /** Gives back one lookup of each nodeid: all in one message, where there are several and the protocol has one. */
  batchForget(nodeids: readonly bigint[]): void {
    if (nodeids.length < 2 || this.agreed.minor < MINOR_OF_BATCH_FORGET) {
      for (const nodeid of nodeids) this.forget(nodeid, 1n);
      return;
    }
    for (const nodeid of nodeids) this.uncounted(nodeid, 1n);
    this.asking.post(OPCODES.BATCH_FORGET, 0n, batchForgetBody(nodeids));
  }

  /** `fh`: of the regular file where it is open, as fstat asks. */
  getattr(nodeid: bigint, fh?: bigint): Promise<Result<Attr>> {
    return this.askFor(attrOut, OPCODES.GETATTR, nodeid, getattrBody(fh));
  }

  /** Opens a file for reading, or a directory. A daemon that answers ENOSYS does without: that is a success with handle 0. */
  async open(nodeid: bigint, directory = false): Promise<Result<Opened>> {
    const opcode = directory ? OPCODES.OPENDIR : OPCODES.OPEN;
    if (this.connection.absent.has(opcode)) return { value: WITHOUT_HANDLE };
    const opened = await this.askFor(openOut, opcode, nodeid, openBody(directory));
    return this.lacks(opcode, opened) ? { ...opened, value: WITHOUT_HANDLE } : opened;
  }

  /** Closes what `open` gave: FLUSH of a file, then RELEASE; RELEASEDIR of a directory. Returns what the last came to. */
  async release(
    nodeid: bigint,
    { fh, open_flags }: Pick<Opened, "fh" | "open_flags">,
    directory = false,
  ): Promise<Result<Uint8Array>> {
    if (!directory) await this.flush(nodeid, fh, open_flags);
    if (this.connection.absent.has(directory ? OPCODES.OPENDIR : OPCODES.OPEN)) return { value: NOTHING };
    const opcode = directory ? OPCODES.RELEASEDIR : OPCODES.RELEASE;
    return this.ask(opcode, nodeid, releaseBody(fh, directory));
  }

  /** Does something with an open directory; null: it cannot be opened. */
  async inDirectory<T>(nodeid: bigint, work: (fh: bigint) => Promise<T>): Promise<T | null> {
    const opened = await this.open(nodeid, true);
    if (!("value" in opened)) return null;
    const result = await work(opened.value.fh);
    await this.release(nodeid, opened.value, true);
    return result;
  }

  private async flush(nodeid: bigint, fh: bigint, openFlags: number): Promise<void> {
    if (this.connection.absent.has(OPCODES.FLUSH) || (openFlags & FOPEN_NOFLUSH) !== 0) return;
    this.lacks(OPCODES.FLUSH, await this.ask(OPCODES.FLUSH, nodeid, flushBody(fh)));
  }

  /** Whether the daemon says that it does without the request, which then is not sent again. */
  private lacks(opcode: number, result: Result<unknown>): boolean {
    const lacking = "errno" in result && result.errno === ERRNO.ENOSYS;
    if (lacking) this.connection.absent.add(opcode);
    return lacking;
  }

  readlink(nodeid: bigint): Promise<Result<Uint8Array>> {
    return this.ask(OPCODES.READLINK, nodeid);
  }

  /** One page of READDIR or READDIRPLUS, for a program that has room for `size` bytes; glibc's by default. */
  readdir(
    nodeid: bigint,
    fh: bigint,
    offset: bigint,
    plus: boolean,
    size?: number,
  ): Promise<Result<Uint8Array>> {
    const body = readdirBody(fh, offset, this.agreed.maxPages, size);
    return this.ask(plus ? OPCODES.READDIRPLUS : OPCODES.READDIR, nodeid, body);
  }

  statfs(nodeid: bigint): Promise<Result<ReturnType<typeof statfsOut.read>>> {
    return this.askFor(statfsOut, OPCODES.STATFS, nodeid);
  }

  /** One GET_FMAP request of the exchange; `size`: bytes of reply that there is room for. */
  getFmap(nodeid: bigint, size: number): Promise<Result<Uint8Array>> {
    const { opcodes, request } = this.profile;
    const body = request.body === "none" ? NOTHING : getFmapBody(size);
    return this.ask(opcodes.getFmap, this.inos.get(nodeid) ?? nodeid, body);
  }

  getDaxdev(opcode: number, index: bigint): Promise<Result<ReturnType<typeof daxdevOut.read>>> {
    return this.askFor(daxdevOut, opcode, index);
  }
}

const WITHOUT_HANDLE: Opened = { fh: 0n, open_flags: 0, padding: 0 };

/** In a few words what a result is, for messages. */
export const describe = (r: Result<unknown>): string =>
  "errno" in r ? (errnoName(r.errno) ?? `errno ${r.errno}`) : "unusable" in r ? r.unusable : "success";
