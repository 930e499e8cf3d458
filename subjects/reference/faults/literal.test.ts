/** What faults outside of the map write, field by field. */
import { describe, expect, it } from "vitest";
import {
  attrOut,
  daxdevOut,
  dirent,
  entryOut,
  initOut,
  MODE,
  OPCODES,
  outHeader,
  ROOT_NODEID,
} from "../../../spec/index.ts";
import { type Asking, agreed, FMAP_BIT, GET_DAXDEV, RELEASE_BODY, readBody } from "../test/asking.ts";
import { entriesOf } from "../test/listing.ts";
import { fault, mapsOf } from "../test/maps.ts";

const FAR = 1n << 40n;
const INIT_EXT = 1 << 30;

/** A daemon with the fault that INIT was agreed with, and INIT's answer. */
function started(name: string, offer = {}) {
  const k = agreed(fault(name));
  // The answer to a second kernel: the first one's is what `agreed` keeps to itself.
  k.daemon.session.started = false;
  return initOut.read(k.init(offer).body);
}

describe("INIT", () => {
  it("major-8", () => expect(started("major-8")).toMatchObject({ major: 8, minor: 43 }));
  it("max-write-1024", () => expect(started("max-write-1024").max_write).toBe(1024));

  it("flag-not-offered", () => {
    const usual = started("max-write-1024", { flags: 0x7fff_fffb }).flags;
    expect(started("flag-not-offered", { flags: 0x7fff_fffb }).flags).toBe(usual | 0b100);
    // Nothing is left to be set.
    const all = started("max-write-1024", { flags: 0x3fff_ffff }).flags;
    expect(started("flag-not-offered", { flags: 0x3fff_ffff }).flags).toBe(all);
  });

  it("fmap-bit-without-init-ext", () => {
    const { flags, flags2 } = started("fmap-bit-without-init-ext");
    expect([flags & INIT_EXT, flags2]).toEqual([0, FMAP_BIT]);
  });

  it("fmap-bit-not-offered", () => {
    const { flags, flags2 } = started("fmap-bit-not-offered", { flags2: 0 });
    expect([flags & INIT_EXT, flags2]).toEqual([INIT_EXT, FMAP_BIT]);
    expect(started("fmap-bit-not-offered", { flags: 0, flags2: 0 })).toMatchObject({ flags: 0, flags2: 0 });
  });
});

describe("replies to RELEASEDIR", () => {
  const replies = (name: string) => {
    const k = agreed(fault(name));
    const written = k.raw(OPCODES.RELEASEDIR, ROOT_NODEID, RELEASE_BODY);
    return written.map((m) => ({
      ...outHeader.read(m),
      written: m.length,
      by: outHeader.read(m).unique - k.unique,
    }));
  };
  const right = { len: 16, error: 0, written: 16, by: 0n };

  it.each<[string, object[]]>([
    ["length-of-body-only", [{ ...right, len: 0 }]],
    ["length-too-long", [{ ...right, len: 24 }]],
    ["unique-wrong", [{ ...right, by: FAR }]],
    ["reply-unasked", [right, { ...right, by: FAR }]],
    ["reply-twice", [right, right]],
    ["error-positive", [{ ...right, error: 5 }]],
    ["error-below-range", [{ ...right, error: -512 }]],
    ["body-with-error", [{ ...right, len: 24, error: -5, written: 24 }]],
  ])("%s", (name, expected) => {
    expect(replies(name)).toMatchObject(expected);
    expect(replies(name)).toHaveLength(expected.length);
  });
});

describe("bodies", () => {
  const of = <T>(name: string, ask: (k: Asking) => T): T => ask(agreed(fault(name)));

  it("opendir-short, statfs-short, daxdev-short", () => {
    expect(
      of("opendir-short", (k) => k.ask(OPCODES.OPENDIR, ROOT_NODEID, new Uint8Array(8))).body,
    ).toHaveLength(8);
    expect(of("statfs-short", (k) => k.ask(OPCODES.STATFS, ROOT_NODEID)).body).toHaveLength(48);
    const { body } = of("daxdev-short", (k) => k.ask(GET_DAXDEV, 0n));
    expect(Buffer.from(body).toString().replace(/\0+$/, "")).toBe("/dev/dax0.0");
    expect(body).toHaveLength(256);
  });

  it("no-reply, late-reply: of the first file only", () => {
    const k = agreed(fault("no-reply"));
    const [a, b] = [k.find("/data/whole"), k.find("/data/part")];
    expect(() => k.fmap(a)).toThrow("0 replies");
    expect(k.fmap(b).error).toBe(0);
    const late = agreed(fault("late-reply"));
    expect(late.fmap(late.find("/data/whole")).body).toEqual(mapsOf(null).get("/data/whole"));
    expect(late.world.events).toEqual([expect.stringMatching(/^sleep \d{4,}$/)]);
  });

  it("root-is-a-file, getattr-other-ino", () => {
    const root = of("root-is-a-file", (k) => attrOut.read(k.getattr(ROOT_NODEID).body));
    expect(root.mode & MODE.typeMask).toBe(MODE.regular);
    expect(of("getattr-other-ino", (k) => attrOut.read(k.getattr(k.find("/link")).body)).ino).toBe(FAR + 28n);
  });

  it("lookup-size-ahead, symlink-size-zero", () => {
    const entry = (name: string, what: string) =>
      of(name, (k) => entryOut.read(k.lookup(ROOT_NODEID, what).body));
    expect(entry("lookup-size-ahead", "32 extents").size).toBe((64n << 20n) + 1n);
    expect(entry("lookup-size-ahead", "link").size).toBe(10n);
    expect(entry("symlink-size-zero", "link").size).toBe(0n);
    expect(entry("symlink-size-zero", "32 extents").size).toBe(64n << 20n);
  });

  it("listings", () => {
    const listing = (name: string, opcode: number) =>
      of(name, (k) => k.ask(opcode, ROOT_NODEID, readBody(0n, 4096)).body);
    const plus = (name: string) => {
      const body = listing(name, OPCODES.READDIRPLUS);
      const [, , third] = entriesOf(body, true);
      const attributes = entryOut.read(body, 2 * (entryOut.size + dirent.size + 8));
      return { listed: third?.ino, nodeid: attributes.nodeid, given: attributes.ino };
    };
    expect(plus("readdirplus-other-ino")).toEqual({ listed: FAR + 2n, nodeid: 2n, given: 2n });
    expect(plus("readdirplus-other-attributes")).toEqual({ listed: 2n, nodeid: 2n, given: FAR + 2n });
    const types = entriesOf(listing("readdir-other-type", OPCODES.READDIR), false).map((e) => e.type);
    expect(new Set(types)).toEqual(new Set([4, 10]));
    expect(Buffer.from(listing("listed-name-unknown", OPCODES.READDIR)).toString()).toContain("gone");
    expect(of("listed-name-unknown", (k) => k.lookup(ROOT_NODEID, "gone")).error).toBe(-2);
  });

  it("daxdevs", () => {
    const answer = (name: string, index = 0n) =>
      of(name, (k) => {
        const [first, second] = [0, 1].map(() => daxdevOut.read(k.ask(GET_DAXDEV, index).body));
        const text = (a?: { name: Uint8Array }) =>
          Buffer.from(a?.name ?? [])
            .toString()
            .replace(/\0+$/, "");
        return { index: first?.index, names: [text(first), text(second)] };
      });
    expect(answer("daxdev-other-index").index).toBe(1);
    expect(answer("daxdev-relative-name").names[0]).toBe("dax0.0");
    expect(answer("daxdev-name-endless").names[0]).toMatch(/^\/dev\/dax0\.0x{245}$/);
    expect(answer("daxdev-changes").names).toEqual(["/dev/dax0.0.0", "/dev/dax0.0.1"]);
    expect(answer("daxdev-for-any-index", 7n)).toMatchObject({
      index: 7,
      names: ["/dev/dax7.0", "/dev/dax7.0"],
    });
    expect(of("daxdev-unknown", (k) => k.ask(GET_DAXDEV, 0n)).error).toBe(-19);
  });
});

describe("size replies to a buffer of 4096 bytes", () => {
  const long = "/striped/long map";
  const asked = (name: string, size: number) => {
    const k = agreed(fault(name));
    const { body } = k.fmap(k.find(long), size);
    return body.length > 8 ? `${body.length} bytes` : Buffer.from(body).toString("hex");
  };

  it.each([
    ["oversized-reply", "4784 bytes", "4784 bytes"],
    ["map-cut-off", "4096 bytes", "4784 bytes"],
    ["size-reply-too-small", "98120000", "4784 bytes"],
    ["size-reply-out-of-range", "00001000", "4784 bytes"],
    ["size-reply-u64", "b012000000000000", "4784 bytes"],
    ["size-reply-twice", "b0120000", "b0120000"],
  ])("%s", (name, first, second) => {
    expect([asked(name, 4096), asked(name, 4784)]).toEqual([first, second]);
  });

  it("leave shorter maps alone", () => {
    for (const name of ["oversized-reply", "map-cut-off", "size-reply-twice"]) {
      const k = agreed(fault(name));
      expect(k.fmap(k.find("/32 extents")).body).toHaveLength(800);
      expect(k.fmap(k.find("/32 extents"), 100).body).toHaveLength(4);
    }
  });
});

describe("nodes", () => {
  it("nodeid-reused: a forgotten nodeid is the next file's", () => {
    const k = agreed(fault("nodeid-reused"));
    const nodeid = k.find("/link");
    k.forget(nodeid);
    const { body } = k.lookup(ROOT_NODEID, "32 extents");
    expect(entryOut.read(body)).toMatchObject({ nodeid, generation: 0n });
    expect(k.fmap(nodeid).body).toEqual(mapsOf(null).get("/32 extents"));
    expect(k.find("/link")).not.toBe(nodeid);
  });

  it("file-missing: the last file is neither listed nor found", () => {
    const k = agreed(fault("file-missing"));
    expect(() => k.find("/striped/long map")).toThrow("-2");
    const { body } = k.ask(OPCODES.READDIR, k.find("/striped"), readBody(0n, 4096));
    expect(Buffer.from(body).toString()).toContain("two extents");
    expect(Buffer.from(body).toString()).not.toContain("long map");
  });

  it("interrupt-hits-next: only the next", () => {
    const k = agreed(fault("interrupt-hits-next"));
    expect(k.raw(OPCODES.INTERRUPT, 0n)).toEqual([]);
    expect([k.getattr(ROOT_NODEID).error, k.getattr(ROOT_NODEID).error]).toEqual([-4, 0]);
  });

  it("crash-at-third-fmap, exits-when-idle and the ends", () => {
    const k = agreed(fault("crash-at-third-fmap"));
    const nodeid = k.find("/data/whole");
    const seen = [1, 2, 3, 4].map(() => {
      k.fmap(nodeid);
      return k.world.events.length;
    });
    expect(seen).toEqual([0, 0, 1, 1]);
    const idle = agreed(fault("exits-when-idle"));
    expect([idle.daemon.hooks.quiet?.speak(), idle.world.events]).toEqual([[], []]);
    idle.fmap(idle.find("/data/whole"));
    expect([idle.daemon.hooks.quiet?.speak(), idle.world.events]).toEqual([[], ["leave"]]);
    const stays = agreed(fault("never-ends"));
    stays.daemon.hooks.end?.();
    expect(stays.world.events).toEqual([]);
    stays.ask(OPCODES.DESTROY, 0n);
    stays.daemon.hooks.end?.();
    expect(stays.world.events).toEqual(["sleep 60000"]);
  });
});
