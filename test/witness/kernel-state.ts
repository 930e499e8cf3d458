/** What a kernel knows of a connection at some point, learnt from all that has passed on it. */
import { parseFmap } from "../../oracles/index.ts";
import {
  attrOut,
  batchForgetIn,
  dirent,
  ERRNO,
  entryOut,
  type FieldTypes,
  forgetIn,
  forgetOne,
  initIn,
  initOut,
  MODE,
  OPCODES,
  openOut,
  type Profile,
  type RecordOf,
  ROOT_NODEID,
  rangesOf,
  readIn,
  releaseIn,
  type Struct,
} from "../../spec/index.ts";
import { type Agreed, agreementOn, flagsOf } from "../../subjects/daemon/agreement.ts";

/** A request that the kernel has made. */
export interface Asked {
  readonly opcode: number;
  readonly nodeid: bigint;
  readonly unique: bigint;
  readonly body: Uint8Array;
}

/** A node that the kernel has looked up and not forgotten. */
export interface Known {
  /** Of the root none is ever given back. */
  lookups: bigint;
  mode: number;
  ino: bigint;
  /** Directories that it was found in. */
  readonly parents: Set<bigint>;
}

/** The record of a body; what a shorter body lacks is read as zero. */
export function readPadded<F extends FieldTypes>(struct: Struct<F>, body: Uint8Array): RecordOf<F> {
  const whole = new Uint8Array(struct.size);
  whole.set(body.subarray(0, struct.size));
  return struct.read(whole);
}

/** Nodeids and numbers that a FORGET or BATCH_FORGET gives back; as many as there are. */
export function givenBack({ opcode, nodeid, body }: Asked): { nodeid: bigint; nlookup: bigint }[] {
  if (opcode === OPCODES.FORGET) return [{ nodeid, ...readPadded(forgetIn, body) }];
  const items: { nodeid: bigint; nlookup: bigint }[] = [];
  for (let at: number = batchForgetIn.size; at + forgetOne.size <= body.length; at += forgetOne.size)
    items.push(forgetOne.read(body, at));
  return items;
}

const OPENING: readonly number[] = [OPCODES.OPEN, OPCODES.OPENDIR];
const CLOSING: readonly number[] = [OPCODES.RELEASE, OPCODES.RELEASEDIR];
const FORGETTING: readonly number[] = [OPCODES.FORGET, OPCODES.BATCH_FORGET];

const isDirectoryOpcode = (opcode: number) => opcode === OPCODES.OPENDIR || opcode === OPCODES.RELEASEDIR;

const handleKey = (nodeid: bigint, fh: bigint, directory: boolean) =>
  `${nodeid} ${fh} ${directory ? "directory" : "file"}`;

export class KernelState {
  readonly profile: Profile;
  /** Null: INIT was not answered yet. */
  agreed: Agreed | null = null;
  readonly nodes = new Map<bigint, Known>([
    [ROOT_NODEID, { lookups: 1n, mode: MODE.directory, ino: ROOT_NODEID, parents: new Set() }],
  ]);
  /** Requests without an answer, by their unique. */
  readonly inFlight = new Map<bigint, Asked>();
  /** Uniques that were used. */
  readonly used = new Set<bigint>();
  /** Opcodes that got ENOSYS. */
  readonly missing = new Set<number>();
  /** Devindexes that the maps use. */
  readonly devindexes = new Set<bigint>();
  private readonly handles = new Map<string, number>();
  private readonly offsets = new Map<bigint, Set<bigint>>();

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /** Whether there is such an open handle. Without OPEN or OPENDIR every handle is 0. */
  isOpen(nodeid: bigint, fh: bigint, directory: boolean): boolean {
    const unopened = this.missing.has(directory ? OPCODES.OPENDIR : OPCODES.OPEN);
    return (unopened && fh === 0n) || (this.handles.get(handleKey(nodeid, fh, directory)) ?? 0) > 0;
  }

  /** Whether somebody has the node open. */
  hasOpen(nodeid: bigint): boolean {
    for (const [key, count] of this.handles) if (count > 0 && key.startsWith(`${nodeid} `)) return true;
    return false;
  }

  isBusy(nodeid: bigint): boolean {
    for (const asked of this.inFlight.values()) if (asked.nodeid === nodeid) return true;
    return false;
  }

  /** Whether a listing of the directory can go on at this offset: at the beginning, or where the daemon said. */
  isOffset(nodeid: bigint, offset: bigint): boolean {
    return offset === 0n || (this.offsets.get(nodeid)?.has(offset) ?? false);
  }

  /** Notes a request that the kernel has made. */
  asked(asked: Asked): void {
    const { opcode, unique, nodeid, body } = asked;
    this.used.add(unique);
    if (FORGETTING.includes(opcode)) {
      for (const item of givenBack(asked)) this.forget(item.nodeid, item.nlookup);
      return;
    }
    if (CLOSING.includes(opcode))
      this.count(nodeid, readPadded(releaseIn, body).fh, isDirectoryOpcode(opcode), -1);
    if (opcode !== OPCODES.INTERRUPT) this.inFlight.set(unique, asked);
  }

  /** Notes the answer to a request in flight; `error`: 0 or a negative errno. */
  answered(unique: bigint, error: number, body: Uint8Array): void {
    const asked = this.inFlight.get(unique);
    if (asked === undefined) {
      if (error === -ERRNO.ENOSYS) this.missing.add(OPCODES.INTERRUPT);
      return;
    }
    this.inFlight.delete(unique);
    if (error === -ERRNO.ENOSYS) this.missing.add(asked.opcode);
    if (error === 0) this.learn(asked, body);
  }

  private learn({ opcode, nodeid, body: request }: Asked, body: Uint8Array): void {
    const { getFmap } = this.profile.opcodes;
    if (opcode === OPCODES.INIT) {
      const { minor, max_readahead, ...flags } = readPadded(initIn, request);
      const offer = { minor, flags: flagsOf(flags), maxReadahead: max_readahead };
      this.agreed = agreementOn(offer, readPadded(initOut, body), this.profile);
    } else if (opcode === OPCODES.LOOKUP) this.found(nodeid, readPadded(entryOut, body));
    else if (opcode === OPCODES.GETATTR) {
      const known = this.nodes.get(nodeid);
      if (known !== undefined) known.mode = readPadded(attrOut, body).mode;
    } else if (OPENING.includes(opcode))
      this.count(nodeid, readPadded(openOut, body).fh, isDirectoryOpcode(opcode), 1);
    else if (opcode === OPCODES.READDIR || opcode === OPCODES.READDIRPLUS)
      this.listed(nodeid, body, opcode === OPCODES.READDIRPLUS);
    else if (opcode === getFmap) {
      const verdict = parseFmap(this.profile, body);
      if (verdict.verdict === "accept")
        for (const { devindex } of rangesOf(verdict.map)) this.devindexes.add(devindex);
    }
  }

  private found(parent: bigint, { nodeid, mode, ino }: ReturnType<typeof entryOut.read>): void {
    if (nodeid === 0n) return;
    const known = this.nodes.get(nodeid) ?? { lookups: 0n, mode, ino, parents: new Set() };
    this.nodes.set(nodeid, known);
    Object.assign(known, { mode, ino, lookups: known.lookups + 1n });
    known.parents.add(parent);
  }

  /** As parse_dirfile and parse_dirplusfile read a page. */
  private listed(directory: bigint, page: Uint8Array, plus: boolean): void {
    const head = plus ? entryOut.size : 0;
    for (let at = 0; at + head + dirent.size <= page.length; ) {
      const { off, namelen } = dirent.read(page, at + head);
      const end = at + head + dirent.size + namelen;
      if (namelen === 0 || end > page.length) return;
      const offsets = this.offsets.get(directory) ?? new Set();
      this.offsets.set(directory, offsets.add(off));
      const name = Buffer.from(page.subarray(end - namelen, end)).toString("latin1");
      if (plus && name !== "." && name !== "..") this.found(directory, entryOut.read(page, at));
      at += Math.ceil((head + dirent.size + namelen) / 8) * 8;
    }
  }

  private forget(nodeid: bigint, nlookup: bigint): void {
    const known = this.nodes.get(nodeid);
    if (known === undefined || nodeid === ROOT_NODEID) return;
    known.lookups -= nlookup;
    if (known.lookups <= 0n) this.nodes.delete(nodeid);
  }

  private count(nodeid: bigint, fh: bigint, directory: boolean, by: number): void {
    const key = handleKey(nodeid, fh, directory);
    this.handles.set(key, Math.max(0, (this.handles.get(key) ?? 0) + by));
  }
}

/** The file handle of a body that begins with one. */
export const handleIn = (body: Uint8Array): bigint => readPadded(readIn, body).fh;
