/** Requests that no kernel makes, each behind an ordinary beginning: the judge names what is not a kernel's. */
import { describe, expect, it } from "vitest";
import {
  batchForgetIn,
  bytesOf,
  DEFAULT_PROFILE,
  flushIn,
  forgetIn,
  forgetOne,
  getattrIn,
  INIT_BITS,
  inHeader,
  initIn,
  initOut,
  interruptIn,
  manifestFromJson,
  OPCODES,
  openIn,
  outHeader,
  type Profile,
  profileNamed,
  REQUEST_USES,
  readIn,
  releaseIn,
} from "../../spec/index.ts";
import { ReferenceDaemon } from "../../subjects/reference/daemon.ts";
import { DEFAULT_MANIFEST } from "../../subjects/reference/default-manifest.ts";
import type { Hooks } from "../../subjects/reference/fault.ts";
import { edited, onBody, onReply } from "../../subjects/reference/faults/hooking.ts";
import { encodeReply, refused } from "../../subjects/reference/reply.ts";
import {
  fmapBody,
  GET_DAXDEV,
  GET_FMAP,
  GETATTR_BODY,
  initBody,
  messageOf,
  OPEN_BODY,
  RELEASE_BODY,
} from "../../subjects/reference/test/asking.ts";
import { type BreachCode, RequestJudge } from "./request-judge.ts";

const ROOT = 1n;
const DATA = 2n;
/** `/data/whole`, and a symlink. */
const WHOLE = 3n;
const LINK = 28n;

const NAME = (name: string) => Buffer.from(`${name}\0`);
const listing = (offset: bigint, more: Partial<ReturnType<typeof readIn.read>> = {}) =>
  bytesOf(readIn, {
    fh: 0n,
    offset,
    size: 4096,
    read_flags: 0,
    lock_owner: 0n,
    flags: 0,
    padding: 0,
    ...more,
  });
const forget = (nlookup: bigint) => bytesOf(forgetIn, { nlookup });
const batch = (count: number, ...items: [bigint, bigint][]) =>
  Buffer.concat([
    bytesOf(batchForgetIn, { count, dummy: 0 }),
    ...items.map(([nodeid, nlookup]) => bytesOf(forgetOne, { nodeid, nlookup })),
  ]);
const interrupt = (unique: bigint) => bytesOf(interruptIn, { unique });

/** A kernel and the reference daemon, which the judge hears. */
class Talk {
  readonly judge: RequestJudge;
  private readonly daemon: ReferenceDaemon;
  private unique = 0n;

  constructor(hooks: Hooks = {}, profile: Profile = DEFAULT_PROFILE) {
    const fault = { name: "f", rule: "daemon/tree/open", sentence: "s", plant: () => hooks } as const;
    this.daemon = new ReferenceDaemon(manifestFromJson(DEFAULT_MANIFEST), fault, undefined, profile);
    this.judge = new RequestJudge(profile);
  }

  /** Asks, and lets the daemon answer, unless the request shall stay in flight. */
  ask(opcode: number, nodeid: bigint, body?: Uint8Array, unique = this.next(), answered = true): void {
    const message = messageOf(opcode, nodeid, body, { unique });
    this.judge.request(message);
    const replies = this.daemon.answer(message);
    if (answered) for (const reply of replies) this.judge.reply(reply);
  }

  private next(): bigint {
    this.unique += 2n;
    return this.unique;
  }

  begin(minor = 43): this {
    this.ask(OPCODES.INIT, 0n, initBody({ minor }));
    return this;
  }

  /** Looks up a directory, a file and a symlink. */
  look(): this {
    this.ask(OPCODES.LOOKUP, ROOT, NAME("data"));
    this.ask(OPCODES.LOOKUP, DATA, NAME("whole"));
    this.ask(OPCODES.LOOKUP, ROOT, NAME("link"));
    return this;
  }

  open(): this {
    this.ask(OPCODES.OPEN, WHOLE, OPEN_BODY);
    return this;
  }

  opendir(): this {
    this.ask(OPCODES.OPENDIR, ROOT, OPEN_BODY);
    return this;
  }
}

const talk = (hooks?: Hooks) => new Talk(hooks).begin().look();
const breaches = ({ judge }: Talk) => judge.breaches.map(({ code, detail }) => `${code}: ${detail}`);

const withFlags = (change: (flags: number) => number): Hooks =>
  onBody(OPCODES.INIT, (body) => edited(initOut, body, ({ flags }) => ({ flags: change(flags) >>> 0 })));

const clear = (bit: number) => (flags: number) => flags & ~(1 << bit);

describe("what a kernel does", () => {
  it("is nothing to object to", () => {
    const t = talk().open();
    t.ask(GET_FMAP, WHOLE, fmapBody(4096));
    t.ask(GET_DAXDEV, 0n);
    t.ask(OPCODES.GETATTR, WHOLE, bytesOf(getattrIn, { getattr_flags: 1, dummy: 0, fh: 0n }));
    t.ask(OPCODES.READ, WHOLE, listing(0n));
    t.ask(OPCODES.FLUSH, WHOLE, bytesOf(flushIn, { fh: 0n, unused: 0, padding: 0, lock_owner: 9n }));
    t.ask(OPCODES.RELEASE, WHOLE, RELEASE_BODY);
    t.opendir();
    t.ask(OPCODES.READDIRPLUS, ROOT, listing(0n));
    t.ask(OPCODES.READDIR, ROOT, listing(3n));
    t.ask(OPCODES.RELEASEDIR, ROOT, RELEASE_BODY);
    t.ask(OPCODES.READLINK, LINK);
    t.ask(OPCODES.STATFS, DATA);
    t.ask(REQUEST_USES.ACCESS.opcode, ROOT, new Uint8Array(8));
    t.ask(OPCODES.GETATTR, ROOT, GETATTR_BODY, 100n, false);
    t.ask(OPCODES.INTERRUPT, 0n, interrupt(100n), 101n);
    t.ask(OPCODES.LOOKUP, DATA, NAME("whole"));
    t.ask(OPCODES.FORGET, WHOLE, forget(1n));
    t.ask(OPCODES.BATCH_FORGET, 0n, batch(3, [WHOLE, 1n], [LINK, 2n], [DATA, 2n]));
    t.judge.reply(encodeReply(0n, { error: 2, body: new Uint8Array(0) }));
    t.judge.reply(new Uint8Array(3));
    expect(breaches(t)).toEqual([]);
    expect(t.judge.heard.get(OPCODES.LOOKUP)).toBe(4);
  });

  it("without OPEN and OPENDIR every handle is 0, and nothing is closed", () => {
    const t = talk({
      reply: (request, own) =>
        [OPCODES.OPEN, OPCODES.OPENDIR].some((o) => o === request.opcode) ? refused("ENOSYS") : own(),
    });
    t.open().opendir();
    t.ask(GET_FMAP, WHOLE, fmapBody(4096));
    t.ask(OPCODES.READ, WHOLE, listing(0n));
    t.ask(OPCODES.READDIRPLUS, ROOT, listing(0n));
    expect(breaches(t)).toEqual([]);
    t.open();
    t.ask(OPCODES.RELEASE, WHOLE, RELEASE_BODY);
    t.ask(OPCODES.RELEASEDIR, ROOT, RELEASE_BODY);
    t.ask(OPCODES.READ, WHOLE, listing(0n, { fh: 1n }));
    expect(breaches(t)).toEqual([
      "enosys: it got ENOSYS before",
      "enosys: opening got ENOSYS before",
      "enosys: opening got ENOSYS before",
      "handle: file handle 1 is not open",
    ]);
  });

  it("without DO_READDIRPLUS it is READDIR, without AUTO always READDIRPLUS", () => {
    const plain = talk(withFlags(clear(INIT_BITS.DO_READDIRPLUS))).opendir();
    plain.ask(OPCODES.READDIR, ROOT, listing(0n));
    expect(breaches(plain)).toEqual([]);
    plain.ask(OPCODES.READDIRPLUS, ROOT, listing(0n));
    expect(breaches(plain)).toEqual(["agreement: DO_READDIRPLUS is not agreed"]);
    const always = talk(withFlags(clear(INIT_BITS.READDIRPLUS_AUTO))).opendir();
    always.ask(OPCODES.READDIRPLUS, ROOT, listing(0n));
    always.ask(OPCODES.READDIR, ROOT, listing(2n));
    expect(breaches(always)).toEqual(["listing: DO_READDIRPLUS is agreed without READDIRPLUS_AUTO"]);
  });

  it("names that the daemon does not have are not looked up by it", () => {
    const t = talk(
      onReply(OPCODES.LOOKUP, (reply) =>
        reply.error === 0 ? reply : { error: 0, body: new Uint8Array(128) },
      ),
    );
    t.ask(OPCODES.LOOKUP, ROOT, NAME("nothing"));
    expect(breaches(t)).toEqual([]);
  });

  it("the early revision asks by inode number, when it looks up", () => {
    const profile = profileNamed("rfc-v1") as Profile;
    const t = new Talk({}, profile).begin(42).look();
    t.ask(profile.opcodes.getFmap, WHOLE);
    expect(breaches(t)).toEqual([]);
  });
});

const PLANTED: readonly (readonly [string, BreachCode, RegExp, (t: Talk) => void])[] = [
  ["a second INIT", "order", /sent once/, (t) => t.ask(OPCODES.INIT, 0n, initBody())],
  ["DESTROY", "opcode", /no kernel/, (t) => t.ask(OPCODES.DESTROY, 0n)],
  ["an unknown opcode", "opcode", /no kernel/, (t) => t.ask(4095, ROOT)],
  ["an uneven unique", "unique", /not an even/, (t) => t.ask(OPCODES.STATFS, ROOT, undefined, 7n)],
  ["a unique used again", "unique", /used before/, (t) => t.ask(OPCODES.STATFS, ROOT, undefined, 2n)],
  ["a wild nodeid", "nodeid", /not looked up/, (t) => t.ask(OPCODES.GETATTR, 999n, GETATTR_BODY)],
  [
    "INTERRUPT of a node",
    "nodeid",
    /in place of 0/,
    (t) => {
      t.ask(OPCODES.GETATTR, ROOT, GETATTR_BODY, 100n, false);
      t.ask(OPCODES.INTERRUPT, 5n, interrupt(100n), 101n);
    },
  ],
  ["LOOKUP in a file", "nodeid", /is no directory/, (t) => t.ask(OPCODES.LOOKUP, WHOLE, NAME("x"))],
  ["OPEN of a directory", "nodeid", /is no regular file/, (t) => t.ask(OPCODES.OPEN, DATA, OPEN_BODY)],
  ["READLINK of a file", "nodeid", /is no symlink/, (t) => t.ask(OPCODES.READLINK, WHOLE)],
  [
    "a forgotten nodeid",
    "nodeid",
    /not looked up/,
    (t) => {
      t.ask(OPCODES.FORGET, WHOLE, forget(1n));
      t.ask(OPCODES.GETATTR, WHOLE, GETATTR_BODY);
    },
  ],
  ["LOOKUP of `..`", "body", /name "\.\."/, (t) => t.ask(OPCODES.LOOKUP, ROOT, NAME(".."))],
  ["LOOKUP of a path", "body", /name "a\/b"/, (t) => t.ask(OPCODES.LOOKUP, ROOT, NAME("a/b"))],
  ["LOOKUP without a NUL", "body", /name/, (t) => t.ask(OPCODES.LOOKUP, ROOT, Buffer.from("ab"))],
  ["LOOKUP of 1025 bytes", "body", /name/, (t) => t.ask(OPCODES.LOOKUP, ROOT, NAME("n".repeat(1025)))],
  ["a short body", "body", /body of 8 bytes/, (t) => t.ask(OPCODES.GETATTR, ROOT, new Uint8Array(8))],
  ["a body without a name", "body", /body of 0 bytes/, (t) => t.ask(OPCODES.LOOKUP, ROOT)],
  [
    "GETATTR with flag 2",
    "body",
    /flags 2/,
    (t) => t.ask(OPCODES.GETATTR, ROOT, bytesOf(getattrIn, { getattr_flags: 2, dummy: 0, fh: 0n })),
  ],
  [
    "GETATTR with a dummy",
    "body",
    /dummy is 1/,
    (t) => t.ask(OPCODES.GETATTR, ROOT, bytesOf(getattrIn, { getattr_flags: 0, dummy: 1, fh: 0n })),
  ],
  [
    "OPEN with O_CREAT",
    "body",
    /flags 0100/,
    (t) => t.ask(OPCODES.OPEN, WHOLE, bytesOf(openIn, { flags: 0o100, open_flags: 0 })),
  ],
  [
    "OPEN with open_flags",
    "body",
    /open_flags is 8/,
    (t) => t.ask(OPCODES.OPEN, WHOLE, bytesOf(openIn, { flags: 0, open_flags: 8 })),
  ],
  [
    "FLUSH with padding",
    "body",
    /padding is 3/,
    (t) =>
      t.open().ask(OPCODES.FLUSH, WHOLE, bytesOf(flushIn, { fh: 0n, unused: 0, padding: 3, lock_owner: 0n })),
  ],
  [
    "READDIRPLUS with a lock owner",
    "body",
    /lock_owner is 1/,
    (t) => t.opendir().ask(OPCODES.READDIRPLUS, ROOT, listing(0n, { lock_owner: 1n })),
  ],
  [
    "READ of nothing",
    "body",
    /READ of 0 bytes/,
    (t) => t.open().ask(OPCODES.READ, WHOLE, listing(0n, { size: 0 })),
  ],
  ["READ of a file that is not open", "handle", /not open/, (t) => t.ask(OPCODES.READ, WHOLE, listing(0n))],
  [
    "RELEASE twice",
    "handle",
    /not open/,
    (t) => {
      t.open();
      t.ask(OPCODES.RELEASE, WHOLE, RELEASE_BODY);
      t.ask(OPCODES.RELEASE, WHOLE, RELEASE_BODY);
    },
  ],
  [
    "RELEASE of another handle",
    "handle",
    /handle 5 is not open/,
    (t) =>
      t
        .open()
        .ask(
          OPCODES.RELEASE,
          WHOLE,
          bytesOf(releaseIn, { fh: 5n, flags: 0, release_flags: 0, lock_owner: 0n }),
        ),
  ],
  [
    "GETATTR with a handle that is not open",
    "handle",
    /not open/,
    (t) => t.ask(OPCODES.GETATTR, WHOLE, bytesOf(getattrIn, { getattr_flags: 1, dummy: 0, fh: 0n })),
  ],
  [
    "READDIRPLUS of a directory that is not open",
    "handle",
    /not open/,
    (t) => t.ask(OPCODES.READDIRPLUS, ROOT, listing(0n)),
  ],
  [
    "READDIR from the beginning",
    "listing",
    /begins with it/,
    (t) => t.opendir().ask(OPCODES.READDIR, ROOT, listing(0n)),
  ],
  [
    "a small page",
    "listing",
    /64 bytes/,
    (t) => t.opendir().ask(OPCODES.READDIRPLUS, ROOT, listing(0n, { size: 64 })),
  ],
  [
    "a page above max_pages",
    "listing",
    /bytes asked/,
    (t) => t.opendir().ask(OPCODES.READDIRPLUS, ROOT, listing(0n, { size: 1 << 20 })),
  ],
  [
    "an offset of nobody",
    "listing",
    /offset 77/,
    (t) => t.opendir().ask(OPCODES.READDIRPLUS, ROOT, listing(77n)),
  ],
  [
    "more forgotten than looked up",
    "forget",
    /2 lookups .* 1 were made/,
    (t) => t.ask(OPCODES.FORGET, WHOLE, forget(2n)),
  ],
  ["nothing forgotten", "forget", /0 lookups/, (t) => t.ask(OPCODES.FORGET, WHOLE, forget(0n))],
  ["the root forgotten", "forget", /root/, (t) => t.ask(OPCODES.FORGET, ROOT, forget(1n))],
  ["an open file forgotten", "forget", /is open/, (t) => t.open().ask(OPCODES.FORGET, WHOLE, forget(1n))],
  [
    "a file forgotten that is asked about",
    "forget",
    /not answered/,
    (t) => {
      t.ask(OPCODES.GETATTR, WHOLE, GETATTR_BODY, 100n, false);
      t.ask(OPCODES.FORGET, WHOLE, forget(1n));
    },
  ],
  [
    "the directory of an open file forgotten",
    "forget",
    /directory of nodeid 3/,
    (t) => t.open().ask(OPCODES.FORGET, DATA, forget(1n)),
  ],
  [
    "BATCH_FORGET of one",
    "forget",
    /BATCH_FORGET of 1/,
    (t) => t.ask(OPCODES.BATCH_FORGET, 0n, batch(1, [WHOLE, 1n])),
  ],
  [
    "BATCH_FORGET that announces more",
    "forget",
    /announces 3/,
    (t) => t.ask(OPCODES.BATCH_FORGET, 0n, batch(3, [WHOLE, 1n], [LINK, 1n])),
  ],
  [
    "BATCH_FORGET of a node twice",
    "forget",
    /not looked up/,
    (t) => t.ask(OPCODES.BATCH_FORGET, 0n, batch(2, [WHOLE, 1n], [WHOLE, 1n])),
  ],
  [
    "INTERRUPT of nothing",
    "interrupt",
    /in flight/,
    (t) => t.ask(OPCODES.INTERRUPT, 0n, interrupt(1000n), 1001n),
  ],
  [
    "INTERRUPT under another unique",
    "interrupt",
    /unique 103/,
    (t) => {
      t.ask(OPCODES.GETATTR, ROOT, GETATTR_BODY, 100n, false);
      t.ask(OPCODES.INTERRUPT, 0n, interrupt(100n), 103n);
    },
  ],
  [
    "INTERRUPT after ENOSYS",
    "enosys",
    /ENOSYS/,
    (t) => {
      t.judge.reply(encodeReply(101n, refused("ENOSYS")));
      t.ask(OPCODES.GETATTR, ROOT, GETATTR_BODY, 100n, false);
      t.ask(OPCODES.INTERRUPT, 0n, interrupt(100n), 101n);
    },
  ],
  [
    "ACCESS after ENOSYS",
    "enosys",
    /ENOSYS/,
    (t) => {
      t.ask(REQUEST_USES.ACCESS.opcode, ROOT, new Uint8Array(8));
      t.ask(REQUEST_USES.ACCESS.opcode, ROOT, new Uint8Array(8));
    },
  ],
  ["GET_FMAP of a file that is not open", "famfs", /not open/, (t) => t.ask(GET_FMAP, WHOLE, fmapBody(4096))],
  ["GET_FMAP of a directory", "famfs", /no regular file/, (t) => t.ask(GET_FMAP, DATA, fmapBody(4096))],
  ["GET_FMAP of a wild nodeid", "famfs", /not looked up/, (t) => t.ask(GET_FMAP, 999n, fmapBody(4096))],
  ["GET_FMAP without a body", "famfs", /body of 0/, (t) => t.open().ask(GET_FMAP, WHOLE)],
  ["GET_DAXDEV of an index that no map uses", "famfs", /devindex 3/, (t) => t.ask(GET_DAXDEV, 3n)],
];

describe("what no kernel does", () => {
  it.each(PLANTED)("%s", (_, code, detail, plant) => {
    const t = talk();
    plant(t);
    expect(t.judge.breaches).toHaveLength(1);
    expect(t.judge.breaches[0]).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });

  it("anything before INIT is answered", () => {
    const t = new Talk();
    t.ask(OPCODES.STATFS, ROOT);
    expect(breaches(t)).toEqual(["order: INIT was not answered yet"]);
  });

  it("BATCH_FORGET in protocol 7.12", () => {
    const hooks = onBody(OPCODES.INIT, (body) => edited(initOut, body, () => ({ minor: 12 })));
    const t = talk(hooks);
    t.ask(OPCODES.BATCH_FORGET, 0n, batch(2, [WHOLE, 1n], [LINK, 1n]));
    expect(breaches(t)).toEqual(["agreement: minor 12 is agreed, and it came with 16"]);
  });

  it("GET_FMAP without an agreement", () => {
    const t = new Talk();
    t.ask(OPCODES.INIT, 0n, initBody({ flags2: 0 }));
    t.look().open().ask(GET_FMAP, WHOLE, fmapBody(4096));
    expect(breaches(t)).toEqual(["famfs: FUSE_DAX_FMAP is not agreed"]);
  });

  it("a header of another length, with bits behind pid", () => {
    const { judge } = talk();
    const message = messageOf(OPCODES.STATFS, ROOT, undefined, { unique: 100n, lie: 8 });
    const at = inHeader.offsetOf("total_extlen");
    message[at] = 1;
    judge.request(message);
    expect(judge.breaches.map(({ code }) => code)).toEqual(["header", "header"]);
  });

  it("a page that ends in the middle of an entry is read to there", () => {
    const t = talk(onBody(OPCODES.READDIRPLUS, (body) => body.subarray(0, body.length - 8))).opendir();
    t.ask(OPCODES.READDIRPLUS, ROOT, listing(0n));
    t.ask(OPCODES.READDIRPLUS, ROOT, listing(2n));
    expect(breaches(t)).toEqual([]);
  });

  it("INIT as an old kernel sends it has another size", () => {
    const t = new Talk();
    t.ask(OPCODES.INIT, 0n, initBody().subarray(0, initIn.offsetOf("flags2")));
    expect(breaches(t)[0]).toBe("body: a body of 16 bytes");
  });

  it("an answer to nobody teaches nothing", () => {
    const { judge } = talk();
    judge.reply(encodeReply(5000n, { error: 0, body: new Uint8Array(outHeader.size) }));
    expect(judge.breaches).toEqual([]);
  });
});
