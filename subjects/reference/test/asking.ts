/** The kernel's side of a talk with a daemon in this process. */
import {
  batchForgetIn,
  bytesOf,
  DEFAULT_PROFILE,
  entryOut,
  forgetIn,
  forgetOne,
  getattrIn,
  getFmapIn,
  inHeader,
  initIn,
  type ManifestJson,
  manifestFromJson,
  OPCODES,
  openIn,
  outHeader,
  ROOT_NODEID,
  readIn,
  releaseIn,
} from "../../../spec/index.ts";
import { ReferenceDaemon } from "../daemon.ts";
import { DEFAULT_MANIFEST } from "../default-manifest.ts";
import type { Fault, Variant, World } from "../fault.ts";

export interface Answer {
  readonly error: number;
  readonly body: Uint8Array;
}

/** A process that only notes what would have been done to it. */
export interface FakeWorld extends World {
  readonly events: string[];
}

export function fakeWorld(start = 1): FakeWorld {
  const events: string[] = [];
  return {
    events,
    crash: () => void events.push("crash"),
    leave: () => void events.push("leave"),
    sleep: (ms) => void events.push(`sleep ${ms}`),
    start,
  };
}

const EMPTY = new Uint8Array(0);
const { getFmap: GET_FMAP } = DEFAULT_PROFILE.opcodes;
const GET_DAXDEV = DEFAULT_PROFILE.opcodes.getDaxdev as number;

export { GET_DAXDEV, GET_FMAP };

/** The bit of flags2 that offers GET_FMAP. */
export const FMAP_BIT = 1 << (DEFAULT_PROFILE.initBit - 32);

/** A request; `lie` is added to the length in its header. */
export function messageOf(
  opcode: number,
  nodeid: bigint,
  body: Uint8Array = EMPTY,
  { unique = 2n, lie = 0 }: { unique?: bigint; lie?: number } = {},
): Uint8Array {
  const len = inHeader.size + body.length + lie;
  return Buffer.concat([bytesOf(inHeader, { len, opcode, unique, nodeid, pid: 1 }), body]);
}

export const initBody = (more: Partial<ReturnType<typeof initIn.read>> = {}): Uint8Array =>
  bytesOf(initIn, {
    major: 7,
    minor: 43,
    max_readahead: 1 << 20,
    flags: 0x73ff_fffb,
    flags2: FMAP_BIT,
    ...more,
  });

export const readBody = (offset: bigint, size: number): Uint8Array => bytesOf(readIn, { offset, size });

export const fmapBody = (size: number): Uint8Array => bytesOf(getFmapIn, { size });

export const OPEN_BODY = bytesOf(openIn, {});
export const RELEASE_BODY = bytesOf(releaseIn, {});
export const GETATTR_BODY = bytesOf(getattrIn, {});

/** A daemon, and a kernel that asks it. */
export class Asking {
  readonly daemon: ReferenceDaemon;
  readonly world: FakeWorld;
  unique = 0n;

  constructor(change: Variant | null = null, manifest: ManifestJson = DEFAULT_MANIFEST, start = 1) {
    this.world = fakeWorld(start);
    this.daemon = new ReferenceDaemon(manifestFromJson(manifest), change, this.world);
  }

  /** The messages that come back, whatever they are. */
  raw(opcode: number, nodeid: bigint, body: Uint8Array = EMPTY, lie = 0): Uint8Array[] {
    this.unique += 2n;
    return this.daemon.answer(messageOf(opcode, nodeid, body, { unique: this.unique, lie }));
  }

  /** The one answer to a request; throws where there are none or several, or its header is wrong. */
  ask(opcode: number, nodeid: bigint, body: Uint8Array = EMPTY, lie = 0): Answer {
    const replies = this.raw(opcode, nodeid, body, lie);
    const [reply] = replies;
    if (reply === undefined || replies.length > 1) throw new Error(`${replies.length} replies`);
    const { len, error, unique } = outHeader.read(reply);
    if (len !== reply.length || unique !== this.unique) throw new Error(`header ${len} ${unique}`);
    return { error, body: reply.subarray(outHeader.size) };
  }

  init(more: Parameters<typeof initBody>[0] = {}): Answer {
    return this.ask(OPCODES.INIT, 0n, initBody(more));
  }

  lookup(parent: bigint, name: string): Answer {
    return this.ask(OPCODES.LOOKUP, parent, Buffer.from(`${name}\0`));
  }

  /** The nodeid of a path, each part looked up once more. */
  find(path: string): bigint {
    let nodeid = ROOT_NODEID;
    for (const name of path.split("/").slice(1)) {
      const { error, body } = this.lookup(nodeid, name);
      if (error !== 0) throw new Error(`${path}: ${error}`);
      nodeid = entryOut.read(body).nodeid;
    }
    return nodeid;
  }

  getattr(nodeid: bigint): Answer {
    return this.ask(OPCODES.GETATTR, nodeid, GETATTR_BODY);
  }

  fmap(nodeid: bigint, size = 4096): Answer {
    return this.ask(GET_FMAP, nodeid, fmapBody(size));
  }

  forget(nodeid: bigint, nlookup = 1n): Uint8Array[] {
    return this.raw(OPCODES.FORGET, nodeid, bytesOf(forgetIn, { nlookup }));
  }

  batchForget(nodeids: readonly bigint[], count = nodeids.length): Uint8Array[] {
    const head = bytesOf(batchForgetIn, { count });
    const items = nodeids.map((nodeid) => bytesOf(forgetOne, { nodeid, nlookup: 1n }));
    return this.raw(OPCODES.BATCH_FORGET, 0n, Buffer.concat([head, ...items]));
  }
}

/** A daemon that INIT was agreed with. */
export function agreed(fault: Fault | null = null, manifest?: ManifestJson, start?: number): Asking {
  const asking = new Asking(fault, manifest, start);
  asking.init();
  return asking;
}
