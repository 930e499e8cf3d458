/** Whether a kernel sends a request in the state that a connection is in: spec/fuse/requests.ts over what has passed. */
import {
  batchForgetIn,
  flushIn,
  getattrIn,
  getFmapIn,
  inHeader,
  interruptIn,
  MODE,
  OPCODES,
  openIn,
  outHeader,
  type Profile,
  type RequestUse,
  ROOT_NODEID,
  readIn,
  releaseIn,
  useOf,
} from "../../spec/index.ts";
import { INTERRUPT_BIT } from "../../subjects/daemon/uniques.ts";
import { type Asked, givenBack, handleIn, KernelState, readPadded } from "./kernel-state.ts";

/** What of a request no kernel does. */
export type BreachCode =
  | "header"
  | "unique"
  | "order"
  | "opcode"
  | "agreement"
  | "nodeid"
  | "body"
  | "handle"
  | "enosys"
  | "listing"
  | "forget"
  | "interrupt"
  | "famfs";

export interface Breach {
  readonly code: BreachCode;
  readonly opcode: number;
  readonly nodeid: bigint;
  /** One sentence. */
  readonly detail: string;
}

const PAGE = 4096;
/** FUSE_NAME_MAX. */
const NAME_MAX = 1024;
/** Flags of open(2) that fuse_send_open takes out: O_CREAT, O_EXCL, O_NOCTTY. */
const STRIPPED = 0o100 | 0o200 | 0o400;
/** FUSE_GETATTR_FH. */
const GETATTR_FH = 1;

const TYPES = {
  directory: MODE.directory,
  "regular file": MODE.regular,
  symlink: MODE.symlink,
} as const;

const typeOf = (mode: number) => mode & MODE.typeMask;

/** Returns what is said of a request that breaks it; null: nothing, or it is none of such. */
type Check = (asked: Asked, use: RequestUse, state: KernelState) => string | null;

const nodeid: Check = ({ nodeid: id }, { target }, { nodes }) => {
  if (target === "zero") return id === 0n ? null : `nodeid ${id} in place of 0`;
  const known = nodes.get(id);
  if (known === undefined) return `nodeid ${id} is not looked up`;
  if (target === "looked up" || typeOf(known.mode) === TYPES[target]) return null;
  return `nodeid ${id} has mode 0${known.mode.toString(8)} and is no ${target}`;
};

const body: Check = ({ opcode, body: bytes }, use) => {
  const { length } = bytes;
  const right = typeof use.body === "number" ? length === use.body : length >= use.body.atLeast;
  if (!right) return `a body of ${length} bytes`;
  const zero = (name: string, value: number) => (value === 0 ? null : `${name} is ${value}`);
  switch (opcode) {
    case OPCODES.LOOKUP: {
      const name = Buffer.from(bytes.subarray(0, -1)).toString("latin1");
      const wrong =
        bytes.at(-1) !== 0 || /[/\0]/.test(name) || name.length > NAME_MAX || name === "." || name === "..";
      return wrong ? `the name ${JSON.stringify(name)}` : null;
    }
    case OPCODES.OPEN:
    case OPCODES.OPENDIR: {
      const { flags, open_flags } = readPadded(openIn, bytes);
      return (flags & STRIPPED) === 0 ? zero("open_flags", open_flags) : `flags 0${flags.toString(8)}`;
    }
    case OPCODES.FLUSH: {
      const { unused, padding } = readPadded(flushIn, bytes);
      return zero("unused", unused) ?? zero("padding", padding);
    }
    case OPCODES.READDIR:
    case OPCODES.READDIRPLUS: {
      const { read_flags, lock_owner, padding } = readPadded(readIn, bytes);
      return (
        zero("read_flags", read_flags) ?? zero("lock_owner", Number(lock_owner)) ?? zero("padding", padding)
      );
    }
    case OPCODES.GETATTR: {
      const { getattr_flags, dummy } = readPadded(getattrIn, bytes);
      return (getattr_flags & ~GETATTR_FH) === 0 ? zero("dummy", dummy) : `flags ${getattr_flags}`;
    }
    default:
      return null;
  }
};

const handle: Check = ({ opcode, nodeid: id, body: bytes }, { handle: kind }, state) => {
  if (opcode === OPCODES.GETATTR) {
    const { getattr_flags, fh } = readPadded(getattrIn, bytes);
    const open = (getattr_flags & GETATTR_FH) === 0 || state.isOpen(id, fh, false);
    return open ? null : `file handle ${fh} is not open`;
  }
  if (kind === undefined) return null;
  const fh = handleIn(bytes);
  return state.isOpen(id, fh, kind === "directory") ? null : `${kind} handle ${fh} is not open`;
};

const agreement: Check = ({ opcode }, { since = 0 }, { agreed }) => {
  if (agreed === null) return null;
  if (agreed.minor < since) return `minor ${agreed.minor} is agreed, and it came with ${since}`;
  return opcode === OPCODES.READDIRPLUS && !agreed.plus ? "DO_READDIRPLUS is not agreed" : null;
};

/** RELEASE and RELEASEDIR go with the opening; a RELEASE that was under way when OPEN got ENOSYS may come. */
const enosys: Check = ({ opcode, nodeid: id, body: bytes }, { endsWithEnosys }, { missing }) => {
  if (endsWithEnosys && missing.has(opcode)) return "it got ENOSYS before";
  const opening = { [OPCODES.RELEASE]: OPCODES.OPEN, [OPCODES.RELEASEDIR]: OPCODES.OPENDIR }[opcode];
  return opening !== undefined && missing.has(opening) && id !== 0n && readPadded(releaseIn, bytes).fh === 0n
    ? "opening got ENOSYS before"
    : null;
};

const listing: Check = ({ opcode, nodeid: id, body: bytes }, _, state) => {
  const { agreed } = state;
  if (agreed === null || (opcode !== OPCODES.READDIR && opcode !== OPCODES.READDIRPLUS)) return null;
  const { offset, size } = readPadded(readIn, bytes);
  const most = agreed.maxPages * PAGE;
  if (size < PAGE || size > most) return `${size} bytes asked for, and a kernel asks for ${PAGE} to ${most}`;
  if (!state.isOffset(id, offset)) return `offset ${offset} was not given by the daemon`;
  if (opcode === OPCODES.READDIRPLUS || !agreed.plus) return null;
  if (!agreed.plusAuto) return "DO_READDIRPLUS is agreed without READDIRPLUS_AUTO";
  return offset === 0n ? "DO_READDIRPLUS is agreed, and a listing begins with it" : null;
};

const reading: Check = ({ opcode, body: bytes }, _, { agreed }) => {
  if (agreed === null || opcode !== OPCODES.READ) return null;
  const { size } = readPadded(readIn, bytes);
  return size === 0 || size > agreed.maxPages * PAGE ? `READ of ${size} bytes` : null;
};

const forget: Check = (asked, _, state) => {
  const { opcode, body: bytes } = asked;
  if (opcode !== OPCODES.FORGET && opcode !== OPCODES.BATCH_FORGET) return null;
  const items = givenBack(asked);
  if (opcode === OPCODES.BATCH_FORGET) {
    const { count } = readPadded(batchForgetIn, bytes);
    if (count !== items.length) return `it announces ${count} and has ${items.length}`;
    if (count < 2) return `BATCH_FORGET of ${count}`;
  }
  const gone = new Set<bigint>();
  for (const { nodeid: id, nlookup } of items) {
    const known = state.nodes.get(id);
    if (known === undefined || gone.has(id)) return `nodeid ${id} is not looked up`;
    if (id === ROOT_NODEID) return "the root is never forgotten";
    if (nlookup === 0n || nlookup > known.lookups)
      return `${nlookup} lookups of nodeid ${id} given back, ${known.lookups} were made`;
    if (nlookup < known.lookups) continue;
    if (state.hasOpen(id)) return `nodeid ${id} is open`;
    if (state.isBusy(id)) return `a request of nodeid ${id} is not answered`;
    gone.add(id);
    // An open file keeps the directory that it was found in; a closed one may outlive it until RELEASE is answered.
    for (const [child, { parents }] of state.nodes)
      if (parents.size === 1 && parents.has(id) && child !== id && state.hasOpen(child))
        return `nodeid ${id} is the directory of nodeid ${child}, which is open`;
  }
  return null;
};

const interrupt: Check = ({ opcode, unique, body: bytes }, _, { inFlight }) => {
  if (opcode !== OPCODES.INTERRUPT) return null;
  const target = readPadded(interruptIn, bytes).unique;
  if (unique !== (target | INTERRUPT_BIT)) return `unique ${unique} for a request of unique ${target}`;
  return inFlight.has(target) ? null : `no request of unique ${target} is in flight`;
};

const CHECKS: readonly (readonly [BreachCode, Check])[] = [
  ["agreement", agreement],
  ["nodeid", nodeid],
  ["body", body],
  ["enosys", enosys],
  ["handle", handle],
  ["listing", listing],
  ["body", reading],
  ["forget", forget],
  ["interrupt", interrupt],
];

/** Hears what passes on one connection, and names each request that a kernel of the profile would not send there. */
export class RequestJudge {
  readonly breaches: Breach[] = [];
  /** How many requests were heard, by opcode. */
  readonly heard = new Map<number, number>();
  private readonly state: KernelState;

  constructor(profile: Profile) {
    this.state = new KernelState(profile);
  }

  /** A message to the daemon. */
  request(message: Uint8Array): void {
    const header = inHeader.read(message);
    const { opcode, nodeid: id, unique } = header;
    this.heard.set(opcode, (this.heard.get(opcode) ?? 0) + 1);
    const asked: Asked = { opcode, nodeid: id, unique, body: message.slice(inHeader.size) };
    const breach = (code: BreachCode, detail: string | null) => {
      if (detail !== null) this.breaches.push({ code, opcode, nodeid: id, detail });
    };
    const { len, total_extlen, padding } = header;
    if (len !== message.length) breach("header", `len ${len} of ${message.length} bytes`);
    if (total_extlen !== 0 || padding !== 0) breach("header", "bits behind pid");
    breach("unique", this.unique(asked));
    breach("order", this.order(opcode));
    const use = useOf(opcode);
    if (this.isFamfs(opcode)) breach("famfs", this.famfs(asked));
    else if (use === undefined) breach("opcode", "no kernel sends it in an ordinary life");
    else for (const [code, check] of CHECKS) breach(code, check(asked, use, this.state));
    this.state.asked(asked);
  }

  /** A message from the daemon that the kernel has accepted. */
  reply(message: Uint8Array): void {
    if (message.length < outHeader.size) return;
    const { error, unique } = outHeader.read(message);
    // Unique 0 is a notification: nothing of the state hangs on it.
    if (unique !== 0n) this.state.answered(unique, error, message.slice(outHeader.size));
  }

  private unique({ opcode, unique }: Asked): string | null {
    if (opcode === OPCODES.INTERRUPT) return null;
    if (unique === 0n || (unique & INTERRUPT_BIT) !== 0n)
      return `unique ${unique} is not an even number above 0`;
    return this.state.used.has(unique) ? `unique ${unique} was used before` : null;
  }

  private order(opcode: number): string | null {
    const { agreed, used } = this.state;
    if (opcode === OPCODES.INIT) return used.size === 0 ? null : "INIT is the first request, and sent once";
    return agreed === null ? "INIT was not answered yet" : null;
  }

  private isFamfs(opcode: number): boolean {
    const { getFmap, getDaxdev } = this.state.profile.opcodes;
    return opcode === getFmap || opcode === getDaxdev;
  }

  private famfs({ opcode, nodeid: id, body: bytes }: Asked): string | null {
    const { profile, agreed, nodes, devindexes } = this.state;
    const { hook, nodeid: by, body: shape } = profile.request;
    if (agreed !== null && !agreed.fmap) return "FUSE_DAX_FMAP is not agreed";
    if (opcode === profile.opcodes.getDaxdev) return devindexes.has(id) ? null : `no map uses devindex ${id}`;
    const size = shape === "none" ? 0 : getFmapIn.size;
    if (bytes.length !== size) return `a body of ${bytes.length} bytes`;
    const found = [...nodes].filter(([key, { ino }]) => (by === "inode number" ? ino : key) === id);
    if (found.length === 0) return `nodeid ${id} is not looked up`;
    if (!found.some(([, { mode }]) => typeOf(mode) === MODE.regular))
      return `nodeid ${id} is no regular file`;
    if (hook === "lookup" || this.state.missing.has(OPCODES.OPEN)) return null;
    return found.some(([key]) => this.state.hasOpen(key)) ? null : `nodeid ${id} is not open`;
  }
}
