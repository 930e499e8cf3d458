import {
  type Answer,
  beginExchange,
  continueExchange,
  daxdevsToPull,
  EMPTY_TABLE,
  type Exchange,
  FRESH_INODE,
  fetchResult,
  type InodeState,
  installFmap,
  openResult,
  parseFmap,
  type SettledVerdict,
} from "../../../oracles/index.ts";
import {
  bytesOf,
  type ErrnoName,
  entryOut,
  errnoName,
  FUSE_MAJOR,
  getFmapIn,
  INIT_BITS,
  inHeader,
  initIn,
  initOut,
  OPCODES,
  outHeader,
  type Profile,
  ROOT_NODEID,
  readIn,
} from "../../../spec/index.ts";
import type { Breakdown } from "../../../subjects/driver/breakdown.ts";
import {
  type LiveKernel,
  type LiveQuestion,
  type Observed,
  type Offer,
  type OpenResult,
  SERVER_SIZE,
  type Terms,
} from "../../../subjects/live-kernel/question.ts";
import { LiveServer } from "../../../subjects/live-kernel/server.ts";

const READ_EIGHT = bytesOf(readIn, { size: 8 });

type Asking = Extract<Exchange, { state: "asking" }>;

/** Where a played kernel may do otherwise than its revision. */
export interface Deeds {
  readonly offer: bigint;
  readonly minor: number;
  asks(agreed: boolean): boolean;
  begin(profile: Profile, hasMap: boolean): Exchange;
  body(profile: Profile, size: number): Uint8Array;
  /** Whether the transport takes a reply of that length. */
  takes(profile: Profile, size: number, length: number): boolean;
  proceed(profile: Profile, asking: Asking, answer: Answer): Exchange;
  parse(profile: Profile, message: Uint8Array): SettledVerdict;
  install(profile: Profile, inode: InodeState, verdict: SettledVerdict): InodeState;
  daxdevs(asked: bigint[]): bigint[];
  /** What open(2) returns in the end. */
  result(rc: number, how: { message: boolean; inode: InodeState; daxdevError: number }): number;
  read(bytes: string): string;
  alarms(message: Uint8Array | null): string[];
  breaksDown(message: Uint8Array | null): Breakdown | null;
  /** What its leak detector says of a file whose map was made of that message; null: it has none. */
  readonly leaves: ((message: Uint8Array | null) => string[]) | null;
}

const bit = (n: number) => 1n << BigInt(n);
const SIZED: Partial<Record<Profile["request"]["body"], true>> = {
  fuse_get_fmap_in: true,
  fuse_getxattr_in: true,
};

/** What a kernel of that profile does. */
const faithful = ({ initBit }: Profile): Deeds => ({
  offer: bit(INIT_BITS.INIT_EXT) | bit(initBit),
  minor: 45,
  asks: (agreed) => agreed,
  begin: beginExchange,
  body: ({ request }, size) => (SIZED[request.body] ? bytesOf(getFmapIn, { size }) : new Uint8Array(0)),
  takes: ({ replySize }, size, length) => (replySize.kind === "exact" ? length === size : length <= size),
  proceed: continueExchange,
  parse: (profile, message) => parseFmap(profile, message) as SettledVerdict,
  install: (profile, inode, verdict) => installFmap(profile, inode, verdict).inode,
  daxdevs: (asked) => asked,
  result: (rc) => rc,
  read: (bytes) => bytes,
  alarms: () => [],
  breaksDown: () => null,
  leaves: null,
});

/** A kernel that is played: it speaks to the server in the bytes that /dev/fuse would carry. */
export class PlayedKernel implements LiveKernel {
  private readonly profile: Profile;
  private readonly deeds: Deeds;
  private server = new LiveServer({ take: 0n, getFmap: [], getDaxdev: [] });
  private agreed = false;
  private unique = 0n;
  private files = 0;
  /** What its leak detector sees of a group; null: it is not asked. */
  private left: string[] | null = null;
  mounts = 0;

  constructor(profile: Profile, deeds: Partial<Deeds> = {}) {
    this.profile = profile;
    this.deeds = { ...faithful(profile), ...deeds };
  }

  async mount(terms: Terms): Promise<Offer> {
    this.mounts++;
    this.server = new LiveServer(terms);
    const { offer, minor } = this.deeds;
    const { body } = this.request(
      OPCODES.INIT,
      0n,
      bytesOf(initIn, {
        major: FUSE_MAJOR,
        minor,
        flags: Number(offer & 0xffff_ffffn),
        flags2: Number(offer >> 32n),
      }),
    );
    const { flags, flags2 } = initOut.read(body);
    this.agreed = ((BigInt(flags2) >> BigInt(this.profile.initBit - 32)) & 1n) === 1n && flags > 0;
    return this.server.offer as Offer;
  }

  async leftBy(terms: Terms, groups: readonly (readonly LiveQuestion[])[]): Promise<string[][] | null> {
    const { leaves } = this.deeds;
    if (leaves === null) return null;
    const left: string[][] = [];
    for (const group of groups) {
      await this.mount(terms);
      const texts: string[] = [];
      this.left = texts;
      for (const question of group) await this.ask(question);
      left.push(texts);
    }
    this.left = null;
    return left;
  }

  async unmount(): Promise<void> {
    this.request(OPCODES.DESTROY, 0n);
  }

  async ask(question: LiveQuestion): Promise<Observed | Breakdown> {
    const name = `n${this.files++}`;
    const file = this.server.add(name, question);
    let inode = FRESH_INODE;
    const opens: OpenResult[] = [];
    const asked: Observed["asked"][number][] = [];
    const daxdevs: bigint[][] = [];
    const alarms: string[] = [];
    for (let i = 0; i < question.opens; i++) {
      const before = file.asked.length;
      const found = this.request(OPCODES.LOOKUP, ROOT_NODEID, Buffer.from(`${name}\0`));
      const { nodeid, size: told } = entryOut.read(found.body);
      this.request(OPCODES.GETATTR, nodeid);
      this.request(OPCODES.OPEN, nodeid, new Uint8Array(8));
      const fetched = this.fetch(nodeid, inode);
      const down = this.deeds.breaksDown(fetched.message);
      if (down !== null) return down;
      inode = fetched.inode;
      this.left?.push(...(this.deeds.leaves?.(fetched.message) ?? []));
      alarms.push(...this.deeds.alarms(fetched.message));
      const size = inode.iSize ?? told;
      const isRead = fetched.rc === 0 && size === SERVER_SIZE;
      opens.push({ rc: fetched.rc, size, read: isRead ? this.fetchBytes(nodeid) : null });
      this.request(OPCODES.RELEASE, nodeid);
      asked.push(file.asked.slice(before));
      daxdevs.push(this.server.daxdevs.splice(0));
    }
    this.request(OPCODES.FORGET, file.nodeid, new Uint8Array(8));
    return { opens, asked, daxdevs, nodeid: file.nodeid, reads: file.reads, alarms };
  }

  private fetchBytes(nodeid: bigint): string {
    return this.deeds.read(Buffer.from(this.request(OPCODES.READ, nodeid, READ_EIGHT).body).toString("hex"));
  }

  private fetch(
    nodeid: bigint,
    inode: InodeState,
  ): { rc: number; inode: InodeState; message: Uint8Array | null } {
    const [profile, deeds] = [this.profile, this.deeds];
    if (!deeds.asks(this.agreed)) return { rc: 0, inode, message: null };
    let at = deeds.begin(profile, inode.map !== null);
    while (at.state === "asking") {
      const answer = this.answered(profile.opcodes.getFmap, nodeid, deeds.body(profile, at.size), at.size);
      at = deeds.proceed(profile, at, answer);
    }
    if (at.state === "crashed") throw new Error("no allocation was made to fail");
    const { message } = at;
    if (message === null)
      return {
        rc: deeds.result(openResult(profile, at.rc), { message: false, inode, daxdevError: 0 }),
        inode,
        message,
      };
    const verdict = deeds.parse(profile, message);
    const after = deeds.install(profile, inode, verdict);
    const errno = verdict.verdict === "reject" ? verdict.errno : null;
    let daxdevError = 0;
    if (inode.map === null && after.map !== null)
      for (const index of deeds.daxdevs(daxdevsToPull(profile, after.map, EMPTY_TABLE)))
        daxdevError = this.request(profile.opcodes.getDaxdev as number, index).error;
    const rc = openResult(profile, fetchResult(profile, errno));
    return { rc: deeds.result(rc, { message: true, inode: after, daxdevError }), inode: after, message };
  }

  /** The answer as the transport hands it on; the server hears whether its write went through. */
  private answered(opcode: number, nodeid: bigint, body: Uint8Array, size: number): Answer {
    const { error, body: payload, written } = this.request(opcode, nodeid, body);
    if (error !== 0) return { errno: errnoName(-error) as ErrnoName };
    written(this.deeds.takes(this.profile, size, payload.length) ? 0 : 22);
    return { payload };
  }

  private request(opcode: number, nodeid: bigint, body: Uint8Array = new Uint8Array(0)) {
    const message = new Uint8Array(inHeader.size + body.length);
    const unique = ++this.unique;
    const header = { uid: 0, gid: 0, pid: 1, total_extlen: 0, padding: 0 };
    inHeader.write(message, 0, { len: message.length, opcode, unique, nodeid, ...header });
    message.set(body, inHeader.size);
    const out = this.server.answer(message);
    if (out === null) return { error: 0, body: new Uint8Array(0), written: () => {} };
    const { error, len, unique: answered } = outHeader.read(out.message);
    if (answered !== unique || len !== out.message.length) throw new Error("the server's reply is broken");
    return { error, body: out.message.subarray(outHeader.size), written: out.written };
  }
}
