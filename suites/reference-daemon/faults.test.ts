import { describe, expect, it } from "vitest";
import { oddities, parseFmap } from "../../oracles/index.ts";
import {
  DEFAULT_PROFILE,
  entryOut,
  manifestFromJson,
  manifestProblems,
  manifestToJson,
  OPCODES,
  outHeader,
  RULES,
  type RuleId,
  rangesOf,
  rule,
} from "../../spec/index.ts";
import { UsageError } from "../failure.ts";
import { ReferenceDaemon } from "./daemon.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import type { Fault } from "./fault.ts";
import { FAULTS, faultNamed } from "./faults.ts";
import { agreed, fmapBody, GET_FMAP, messageOf } from "./test/asking.ts";
import { differing, transcript } from "./test/transcript.ts";

const fault = (name: string) => faultNamed(name) as Fault;

describe("the list", () => {
  it("has a name and a sentence for each, and no name twice", () => {
    expect(new Set(FAULTS.map((f) => f.name)).size).toBe(FAULTS.length);
    for (const { name, sentence } of FAULTS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(sentence).toMatch(/^\S.*\.$/);
      expect(sentence).not.toMatch(/\n| {2}/);
    }
    expect(faultNamed("no such fault")).toBeUndefined();
  });

  it("breaks every requirement of a daemon at least once", () => {
    const broken = new Set<RuleId>(FAULTS.map((f) => f.rule));
    expect(RULES.filter((r) => r.needs === "daemon" && !broken.has(r.id)).map((r) => r.id)).toEqual([]);
  });

  it("speaks of requirements of daemons only", () => {
    for (const f of FAULTS)
      for (const id of [f.rule, ...(f.implies ?? [])])
        expect(rule(id).needs, `${f.name}: ${id}`).toBe("daemon");
  });
});

const EVERY_MAP = ["map", "map, asked for with room", "map, asked for again", "map after FORGET"];
const SIZE_REPLY = ["map", "map, asked for again", "map after FORGET"];

/** The questions that a daemon with the fault answers in another way than the one without; all others it does not. */
const SHOWS: Readonly<Record<string, readonly string[]>> = {
  "major-8": ["INIT", "INIT without the offer"],
  "minor-above-offered": ["INIT", "INIT without the offer"],
  "flag-not-offered": ["INIT", "INIT without the offer"],
  "fmap-bit-without-init-ext": ["INIT"],
  "fmap-bit-not-offered": ["INIT without the offer"],
  "fmap-without-agreement": ["map without the offer"],
  "max-write-1024": ["INIT", "INIT without the offer"],
  "length-of-body-only": ["RELEASEDIR"],
  "length-too-long": ["RELEASEDIR"],
  "unique-wrong": ["RELEASEDIR"],
  "reply-unasked": ["RELEASEDIR"],
  "reply-twice": ["RELEASEDIR"],
  "error-positive": ["RELEASEDIR"],
  "error-below-range": ["RELEASEDIR"],
  "body-with-error": ["RELEASEDIR"],
  "opendir-short": ["OPENDIR"],
  "statfs-short": ["STATFS"],
  "daxdev-short": ["GET_DAXDEV"],
  "no-reply": EVERY_MAP,
  "late-reply": EVERY_MAP,
  "root-is-a-file": ["GETATTR of the root", "GETATTR after INTERRUPT"],
  "getattr-other-ino": [
    "GETATTR of a directory",
    "GETATTR of a file",
    "GETATTR of a symlink",
    "GETATTR after one FORGET of two",
    "GETATTR after one BATCH_FORGET of two",
  ],
  "symlink-size-zero": ["LOOKUP of a symlink"],
  "lookup-size-ahead": ["LOOKUP of a file", "LOOKUP after FORGET"],
  // A symlink more: one more inode, and the last directory has the next ino.
  "listed-name-unknown": [
    "STATFS",
    "READDIR",
    "READDIRPLUS",
    "LOOKUP of a directory",
    "GETATTR of a directory",
    "READDIR of 4 GiB",
  ],
  "readdirplus-other-ino": ["READDIRPLUS"],
  "readdirplus-other-attributes": ["READDIRPLUS"],
  "readdir-other-type": ["READDIR", "READDIR of 4 GiB"],
  "unknown-name-found": ["LOOKUP of no name"],
  "dropped-at-first-forget": ["GETATTR after one FORGET of two"],
  "batch-forget-drops": ["GETATTR after one BATCH_FORGET of two"],
  "name-gone-after-forget": ["LOOKUP after FORGET", "map after FORGET"],
  "open-refused": ["OPEN"],
  "release-refused": ["RELEASE"],
  "statfs-enosys": ["STATFS"],
  "devindex-u64": EVERY_MAP,
  "devindex-without-reserved": EVERY_MAP,
  "devindex-from-one": EVERY_MAP,
  "swapped-fields": EVERY_MAP,
  "length-off-by-one": EVERY_MAP,
  "offset-misaligned": EVERY_MAP,
  "last-extent-missing": EVERY_MAP,
  "nextents-33": EVERY_MAP,
  "nextents-big-endian": EVERY_MAP,
  "ext-type-2": EVERY_MAP,
  "size-beyond-extents": EVERY_MAP,
  "last-byte-uncovered": EVERY_MAP,
  // A shorter strip takes less of the daxdev.
  "strip-too-short": ["STATFS", ...EVERY_MAP],
  "chunk-size-zero": EVERY_MAP,
  "extent-behind-device": EVERY_MAP,
  "overlap-in-file": EVERY_MAP,
  "overlap-of-strips": EVERY_MAP,
  "overlapping-files": EVERY_MAP,
  "size-one-less": EVERY_MAP,
  "size-of-extents": EVERY_MAP,
  "file-type-7": EVERY_MAP,
  "version-2": EVERY_MAP,
  "version-0": EVERY_MAP,
  "reserved-in-header": EVERY_MAP,
  "reserved-in-extent": EVERY_MAP,
  "trailing-bytes": EVERY_MAP,
  "padded-to-a-page": EVERY_MAP,
  "oversized-reply": SIZE_REPLY,
  "map-cut-off": SIZE_REPLY,
  "size-reply-too-small": SIZE_REPLY,
  "size-reply-out-of-range": SIZE_REPLY,
  "size-reply-u64": SIZE_REPLY,
  "size-reply-twice": ["map, asked for with room"],
  "map-changes": ["map, asked for with room", "map, asked for again"],
  "map-moves-after-forget": ["map after FORGET"],
  "concurrent-mix-up": EVERY_MAP,
  "map-of-this-start": EVERY_MAP,
  "directory-mapped": ["map of a directory"],
  "symlink-mapped": ["map of a symlink"],
  "unknown-nodeid-mapped": ["map of a wild nodeid"],
  "forgotten-nodeid-mapped": ["map of a forgotten nodeid"],
  "daxdev-unknown": ["GET_DAXDEV"],
  "daxdev-other-index": ["GET_DAXDEV"],
  "daxdev-relative-name": ["GET_DAXDEV"],
  "daxdev-name-endless": ["GET_DAXDEV"],
  "daxdev-changes": ["GET_DAXDEV"],
  "daxdev-for-any-index": ["GET_DAXDEV of no index"],
  "file-missing": [],
  "file-elsewhere": ["map, asked for with room"],
  "files-exchanged": EVERY_MAP,
  "extents-in-other-order": EVERY_MAP,
  "interrupt-hits-next": ["GETATTR after INTERRUPT"],
  "crash-at-third-fmap": ["map"],
  "exits-when-idle": ["silence"],
  "crash-at-the-end": ["end"],
  "never-ends": ["end"],
  "unknown-opcode-granted": ["unknown opcode"],
  "short-body-read-on": ["short body"],
  "wild-nodeid-is-root": ["GETATTR of a wild nodeid"],
  "absurd-size-ignored": ["READDIR of 4 GiB"],
  "name-with-slash-found": ["LOOKUP of a path"],
  "length-not-looked-at": ["lying length"],
  "crash-at-short-body": ["short body"],
  "unknown-opcode-told-to-next": ["unknown opcode"],
};

describe("shows in exactly these answers", () => {
  const reference = transcript(null);

  it("none, where nothing is wrong", () => {
    expect(differing(reference, transcript(null, 2))).toEqual([]);
  });

  // Its nodeids are other ones throughout.
  it.each(FAULTS.filter((f) => f.name !== "nodeid-reused").map((f) => [f.name, f] as const))(
    "%s",
    (name, f) => {
      expect(differing(reference, transcript(f))).toEqual(SHOWS[name]);
    },
  );
});

/** What a daemon answers to GET_FMAP of each of its files, asked for with enough room. */
function mapsOf(f: Fault | null, start = 1): Map<string, Uint8Array> {
  const k = agreed(f, undefined, start);
  const messages = k.daemon.session.tree.files.map(
    ({ path }) => [path, k.fmap(k.find(path), 1 << 16).body] as const,
  );
  return new Map(messages);
}

describe("maps", () => {
  const right = mapsOf(null);
  const changed = (f: Fault) =>
    [...mapsOf(f)].filter(([path, m]) => Buffer.compare(m, right.get(path) as Uint8Array));
  const of = (...rules: RuleId[]) =>
    FAULTS.filter((f) => rules.includes(f.rule) && SHOWS[f.name] === EVERY_MAP).map(
      (f) => [f.name, f] as const,
    );

  it.each(of("daemon/fmap/accepted"))("%s: the kernel refuses the map of one file", (_, f) => {
    const different = changed(f);
    expect(different).toHaveLength(1);
    for (const [, message] of different) expect(parseFmap(DEFAULT_PROFILE, message).verdict).toBe("reject");
  });

  it.each(
    FAULTS.filter(
      (f) => SHOWS[f.name]?.includes("map, asked for with room") && f.rule !== "daemon/fmap/accepted",
    )
      .filter((f) => !["daemon/reply/answered", "daemon/fmap/size-reply"].includes(f.rule))
      .map((f) => [f.name, f] as const),
  )("%s: the kernel takes every map", (name, f) => {
    if (name === "concurrent-mix-up") return;
    for (const [path, message] of mapsOf(f))
      expect(parseFmap(DEFAULT_PROFILE, message).verdict, path).toBe("accept");
  });

  it.each<[RuleId, RuleId]>([
    ["daemon/fmap/version", "fmap/ignored/version"],
    ["daemon/fmap/file-type", "fmap/ignored/file-type"],
    ["daemon/fmap/reserved-zero", "fmap/ignored/reserved"],
    ["daemon/fmap/exact-length", "fmap/ignored/trailing-bytes"],
    ["daemon/fmap/no-overlap-in-file", "fmap/ignored/overlap"],
  ])("what breaks %s is odd in one way only: %s", (broken, oddity) => {
    for (const [, f] of of(broken))
      for (const [path, message] of changed(f)) {
        const odd = (m: Uint8Array) => {
          const verdict = parseFmap(DEFAULT_PROFILE, m);
          return verdict.verdict === "accept" ? oddities(m, verdict.map) : [];
        };
        const before = odd(right.get(path) as Uint8Array);
        expect(
          odd(message).filter((o) => !before.includes(o)),
          f.name,
        ).toEqual([oddity]);
      }
  });
});

describe("what is served instead", () => {
  const manifest = manifestFromJson(DEFAULT_MANIFEST);
  const others = FAULTS.filter((f) => f.manifest !== undefined);

  it.each(others.map((f) => [f.name, f] as const))("%s is a manifest of its own", (_, f) => {
    const served = f.manifest?.(manifest);
    expect(served).not.toEqual(manifest);
    expect(manifestProblems(manifestToJson(served ?? manifest))).toEqual([]);
  });
});

describe("files that lie elsewhere", () => {
  const limits = manifestFromJson(DEFAULT_MANIFEST).daxdevs[0]?.size ?? 0n;

  it.each(["map-changes", "map-moves-after-forget", "map-of-this-start", "file-elsewhere"])(
    "%s: inside the daxdev and apart from each other",
    (name) => {
      for (const start of [1, 2, 262_143, 1_700_000_000_000_000]) {
        const ranges = [...mapsOf(fault(name), start).values()]
          .map((m) => parseFmap(DEFAULT_PROFILE, m))
          .flatMap((v) => (v.verdict === "accept" ? rangesOf(v.map) : []))
          .sort((a, b) => (a.offset < b.offset ? -1 : 1));
        for (const [i, r] of ranges.entries())
          expect(r.offset + r.length).toBeLessThanOrEqual(ranges[i + 1]?.offset ?? limits);
      }
    },
  );

  it("map-changes goes on for as long as it is asked, and starts anew after FORGET", () => {
    const k = agreed(fault("map-changes"));
    const nodeid = k.find("/data/whole");
    const seen = Array.from({ length: 50 }, () => Buffer.from(k.fmap(nodeid).body).toString("hex"));
    expect(new Set(seen).size).toBe(50);
    k.forget(nodeid);
    k.find("/data/whole");
    expect(Buffer.from(k.fmap(nodeid).body).toString("hex")).toBe(seen[0]);
  });

  it("map-of-this-start is the same within one start, and another in the next", () => {
    const [a, again, b] = [7, 7, 8].map((start) =>
      [...mapsOf(fault("map-of-this-start"), start).values()].join(),
    );
    expect(again).toBe(a);
    expect(b).not.toBe(a);
  });

  it("map-moves-after-forget moves at each FORGET that comes after a map, and not before", () => {
    const k = agreed(fault("map-moves-after-forget"));
    k.forget(k.find("/data/whole"));
    const seen = Array.from({ length: 5 }, () => {
      const nodeid = k.find("/data/whole");
      const twice = [k.fmap(nodeid), k.fmap(nodeid)].map(({ body }) => Buffer.from(body).toString("hex"));
      k.forget(nodeid);
      expect(twice[0]).toBe(twice[1]);
      return twice[0];
    });
    expect(seen[0]).toBe(Buffer.from(mapsOf(null).get("/data/whole") as Uint8Array).toString("hex"));
    expect(new Set(seen).size).toBe(5);
  });
});

describe("concurrent-mix-up", () => {
  const k = agreed(fault("concurrent-mix-up"));
  const [a, b] = [k.find("/data/whole"), k.find("/striped/two")];
  const truth = mapsOf(null);
  const replies = (nodeid: bigint) =>
    k
      .raw(GET_FMAP, nodeid, fmapBody(4096))
      .map((r) => ({ unique: outHeader.read(r).unique, body: r.subarray(16) }));

  it("holds a map back until nothing else comes", () => {
    expect(replies(a)).toEqual([]);
    const [late] = k.daemon.hooks.quiet?.speak() ?? [];
    expect(late?.subarray(16)).toEqual(truth.get("/data/whole"));
    expect(k.daemon.hooks.quiet?.speak()).toEqual([]);
  });

  it("gives each of two the other's map", () => {
    expect(replies(a)).toEqual([]);
    const first = k.unique;
    expect(replies(b)).toEqual([
      { unique: first, body: truth.get("/striped/two") },
      { unique: first + 2n, body: truth.get("/data/whole") },
    ]);
  });

  it("lets other requests pass, the map before them", () => {
    expect(replies(a)).toEqual([]);
    const both = k.daemon.answer(messageOf(OPCODES.STATFS, 1n, undefined, { unique: 1000n }));
    expect(both.map((r) => outHeader.read(r).unique)).toEqual([k.unique, 1000n]);
  });
});

it("nodeid-reused: a forgotten nodeid is the next file's", () => {
  const k = agreed(fault("nodeid-reused"));
  const nodeid = k.find("/link");
  k.forget(nodeid);
  const { body } = k.lookup(1n, "32 extents");
  expect(entryOut.read(body)).toMatchObject({ nodeid, generation: 0n });
  expect(k.fmap(nodeid).body).toEqual(mapsOf(null).get("/32 extents"));
  expect(k.find("/link")).not.toBe(nodeid);
});

it("file-missing: the last file is neither listed nor found", () => {
  const k = agreed(fault("file-missing"));
  expect(() => k.find("/striped/long map")).toThrow("-2");
  expect(k.find("/striped/two")).toBeGreaterThan(1n);
  const { children } = k.daemon.session.tree.nodes.get(k.find("/striped")) as {
    children: { path: string }[];
  } & object;
  expect(children.map((c) => c.path)).not.toContain("/striped/long map");
});

describe("a manifest that has nothing to be wrong about", () => {
  const bare = manifestFromJson({ ...DEFAULT_MANIFEST, files: [], symlinks: [], directories: [] });

  it.each(FAULTS.map((f) => [f.name, f] as const))("%s says what it misses, or can do without", (_, f) => {
    try {
      new ReferenceDaemon(bare, f);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as Error).message).toMatch(/^this fault needs .*/);
    }
  });

  it("names the file that would be needed", () => {
    expect(() => new ReferenceDaemon(bare, fault("chunk-size-zero"))).toThrow(
      "this fault needs a file of one interleaved extent that is not empty, and the manifest has none",
    );
    const small = {
      ...manifestFromJson(DEFAULT_MANIFEST),
      daxdevs: [{ index: 0, name: "/d", size: 1n << 21n }],
    };
    expect(() => new ReferenceDaemon(small, fault("map-changes"))).toThrow("room to move the files to");
  });
});
