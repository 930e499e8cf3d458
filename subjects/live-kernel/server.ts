/** The FUSE server of a live mount: an empty root in which every name is a regular file of its own. */

import type { Answer } from "../../oracles/index.ts";
import {
  attrOut,
  bytesOf,
  entryOut,
  FUSE_MAJOR,
  INIT_BITS,
  initIn,
  initOut,
  MODE,
  OPCODES,
  openOut,
  type Profile,
  ROOT_NODEID,
  readIn,
} from "../../spec/index.ts";
import { encodeReply, granted, type Reply, refused } from "../reference/reply.ts";
import { bodyOf, hasReply, type Request, readRequest } from "../reference/request.ts";
import {
  type Asked,
  type LiveQuestion,
  type Offer,
  planned,
  SERVER_BYTES,
  SERVER_SIZE,
  type Terms,
} from "./question.ts";

/** Seconds for which names and attributes are valid: long, because a GETATTR would overwrite the size from the map. */
const VALID = 86_400n;
/** The newest minor that the server speaks: INIT of 64 bytes with flags2. */
const NEWEST_MINOR = 38;

/** One file: its question, and the observed requests. */
export interface LiveFile {
  readonly question: LiveQuestion;
  readonly nodeid: bigint;
  /** GET_FMAP requests, in order. */
  readonly asked: Asked[];
  reads: number;
}

/** The reply to one message, and a function that gets the result of writing it. */
export interface Outgoing {
  readonly message: Uint8Array;
  /** Called with the errno of the write, 0: accepted. */
  written(errno: number): void;
}

/** The terms of a mount that speaks as the profile. */
export const termsOf = ({ initBit, opcodes }: Profile): Terms => ({
  take: 1n << BigInt(initBit),
  getFmap: [opcodes.getFmap],
  getDaxdev: opcodes.getDaxdev === null ? [] : [opcodes.getDaxdev],
});

const INIT_EXT = 1n << BigInt(INIT_BITS.INIT_EXT);

export class LiveServer {
  /** The kernel's offer in INIT; null: INIT has not arrived yet. */
  offer: Offer | null = null;
  /** GET_DAXDEV requests: the index that each is for. */
  readonly daxdevs: bigint[] = [];
  /** GET_FMAP requests for nodes that are not files of the mount. */
  readonly strays: bigint[] = [];
  private readonly terms: Terms;
  private readonly files = new Map<bigint, LiveFile>();
  private readonly names = new Map<string, LiveFile>();
  private current: LiveFile | null = null;

  constructor(terms: Terms) {
    this.terms = terms;
  }

  /** A new file of that name. */
  add(name: string, question: LiveQuestion): LiveFile {
    const nodeid = ROOT_NODEID + 1n + BigInt(this.files.size);
    const file: LiveFile = { question, nodeid, asked: [], reads: 0 };
    this.files.set(nodeid, file);
    this.names.set(name, file);
    this.current = file;
    return file;
  }

  /** The reply to one message of the kernel; null: there is none. */
  answer(message: Uint8Array): Outgoing | null {
    const request = readRequest(message);
    if (request === null || !hasReply(request)) return null;
    if (this.terms.getFmap.includes(request.opcode)) return this.fmap(request);
    const reply = this.reply(request);
    return { message: encodeReply(request.unique, reply), written: () => {} };
  }

  private fmap(request: Request): Outgoing {
    const file = this.files.get(request.nodeid);
    if (file === undefined) {
      this.strays.push(request.nodeid);
      return { message: encodeReply(request.unique, refused("EINVAL")), written: () => {} };
    }
    const { question, asked, nodeid } = file;
    const asking = { opcode: request.opcode, nodeid, body: Uint8Array.from(request.body) };
    const answer = planned(question.plan, asked.length);
    const at = asked.push({ ...asking, writeErrno: 0 }) - 1;
    return {
      message: encodeReply(request.unique, replyOf(answer)),
      written: (writeErrno) => {
        asked[at] = { ...asking, writeErrno };
      },
    };
  }

  private reply(request: Request): Reply {
    const { opcode, nodeid } = request;
    if (this.terms.getDaxdev.includes(opcode)) {
      this.daxdevs.push(nodeid);
      return replyOf(this.current?.question.daxdev ?? { errno: "ENODEV" });
    }
    switch (opcode) {
      case OPCODES.INIT:
        return this.init(request);
      case OPCODES.LOOKUP:
        return this.lookup(request);
      case OPCODES.GETATTR:
        return granted(bytesOf(attrOut, { attr_valid: VALID, ...attributes(nodeid) }));
      case OPCODES.OPEN:
      case OPCODES.OPENDIR:
        return granted(bytesOf(openOut, {}));
      case OPCODES.READ:
        return this.read(request);
      case OPCODES.READDIR:
      case OPCODES.FLUSH:
      case OPCODES.RELEASE:
      case OPCODES.RELEASEDIR:
      case OPCODES.DESTROY:
        return granted();
      default:
        return refused("ENOSYS");
    }
  }

  private init(request: Request): Reply {
    const { minor, flags, flags2, max_readahead } = bodyOf(request, initIn);
    const offered = BigInt(flags) | (BigInt(flags) & INIT_EXT ? BigInt(flags2) << 32n : 0n);
    this.offer = { minor, flags: offered };
    const agreed = INIT_EXT | (offered & this.terms.take);
    return granted(
      bytesOf(initOut, {
        major: FUSE_MAJOR,
        minor: Math.min(minor, NEWEST_MINOR),
        max_readahead,
        flags: Number(agreed & 0xffff_ffffn),
        max_write: 4096,
        time_gran: 1,
        flags2: Number(agreed >> 32n),
      }),
    );
  }

  private lookup({ body }: Request): Reply {
    const file = this.names.get(Buffer.from(body).toString("latin1").replace(/\0.*$/s, ""));
    if (file === undefined) return refused("ENOENT");
    return granted(
      bytesOf(entryOut, {
        nodeid: file.nodeid,
        entry_valid: VALID,
        attr_valid: VALID,
        ...attributes(file.nodeid),
      }),
    );
  }

  /** Replies with as many bytes as the file has, because the kernel treats a short reply as the end of the file. */
  private read(request: Request): Reply {
    const file = this.files.get(request.nodeid);
    if (file !== undefined) file.reads++;
    const { offset, size } = bodyOf(request, readIn);
    return granted(CONTENT.subarray(Number(offset), Number(offset) + size));
  }
}

const CONTENT = Buffer.alloc(Number(SERVER_SIZE), SERVER_BYTES);

const replyOf = (answer: Answer): Reply =>
  "errno" in answer ? refused(answer.errno) : granted(answer.payload);

/** The root is a directory, every other node a regular file; its inode number is its nodeid. */
function attributes(nodeid: bigint) {
  const isRoot = nodeid === ROOT_NODEID;
  return {
    ino: nodeid,
    size: isRoot ? 4096n : SERVER_SIZE,
    blocks: 8n,
    mode: isRoot ? MODE.directory | 0o755 : MODE.regular | 0o644,
    nlink: isRoot ? 2 : 1,
    blksize: 4096,
    flags: 0,
  };
}
