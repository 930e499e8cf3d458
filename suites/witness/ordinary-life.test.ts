/** An ordinary life on a mount of the running kernel: what it sends passes the table of requests. */
import { afterEach, describe, expect, it } from "vitest";
import {
  DEFAULT_PROFILE,
  INIT_BITS,
  initOut,
  type ManifestJson,
  manifestFromJson,
  OPCODES,
} from "../../spec/index.ts";
import { ReferenceDaemon } from "../reference-daemon/daemon.ts";
import { defaultManifestOf } from "../reference-daemon/default-manifest.ts";
import type { Fault } from "../reference-daemon/fault.ts";
import { edited, onBody, onReply } from "../reference-daemon/faults/hooking.ts";
import { refused } from "../reference-daemon/reply.ts";
import { rootWith } from "../test/tools.ts";
import { RequestJudge } from "./request-judge.ts";
import { MountedDaemon } from "./test/mounted-daemon.ts";
import { forgetful } from "./test/own-faults.ts";

type Answer = ReturnType<typeof initOut.read>;

const MANIFEST = defaultManifestOf(DEFAULT_PROFILE);

const MANY: ManifestJson = {
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: [],
  files: [],
  directories: Array.from({ length: 300 }, (_, i) => `/many/directory-number-${i}`),
  symlinks: [{ path: "/link", target: "many" }],
};

/** What everybody does on a mount, each in processes of its own. */
const LIFE = [
  'ls "$M"',
  'ls -la "$M"',
  'ls -laR "$M" > /dev/null',
  'stat "$M/link" "$M/data/byte" "$M/data/part"; stat "$M/data/byte"; stat "$M/no-such-name"; stat "$M/no-such-name"',
  'cat "$M/data/byte" "$M/data/part" > /dev/null; cat "$M/data/byte" > /dev/null',
  'exec 3< "$M/data/byte" 4< "$M/data/byte"; exec 3<&- 4<&-',
  'mv "$M/no-such-name" "$M/other"',
  `perl -e 'opendir D, "$ENV{M}"; @a = readdir D; rewinddir D; @b = readdir D; print @a == @b ? "same" : "other"'`,
  `perl -e 'opendir D, "$ENV{M}/data"; readdir D; $at = telldir D; readdir D; seekdir D, $at; 1 while readdir D'`,
  'readlink "$M/link"; cat "$M/link" > /dev/null',
  'df "$M"; sync -f "$M"',
  'find "$M" > /dev/null; cd "$M" && ls . > /dev/null',
  'test -r "$M/data/byte"; cp "$M/data/byte" /dev/null',
  'timeout -s KILL 0.05 cat "$M/data/pieces" > /dev/null',
  "echo 2 > /proc/sys/vm/drop_caches",
  'ls -la "$M" "$M/data" > /dev/null',
].join("\n");

const onInit = (change: (answer: Answer) => Partial<Answer>): Fault => ({
  name: "init",
  rule: "daemon/init/version",
  sentence: "INIT is answered in an unusual way.",
  plant: () => onBody(OPCODES.INIT, (body) => edited(initOut, body, change)),
});

const without = (...bits: number[]) =>
  onInit(({ flags }) => ({ flags: bits.reduce((left, bit) => (left & ~(1 << bit)) >>> 0, flags) }));

const enosys = (...opcodes: number[]): Fault => ({
  name: "enosys",
  rule: "daemon/tree/open",
  sentence: "Some requests get ENOSYS.",
  plant: () => ({
    reply: (request, own) =>
      opcodes.includes(request.opcode)
        ? (onReply(request.opcode, () => refused("ENOSYS")).reply?.(request, own) ?? null)
        : own(),
  }),
});

/** Ways to answer INIT and to serve, all of them right. */
const SOUND: readonly (readonly [string, Fault | null])[] = [
  ["as it is", null],
  ["names and attributes valid for no time", forgetful(null)],
  ["without READDIRPLUS", without(INIT_BITS.DO_READDIRPLUS)],
  ["READDIRPLUS without AUTO", without(INIT_BITS.READDIRPLUS_AUTO)],
  ["minor 12", onInit(() => ({ minor: 12 }))],
  ["minor 31", onInit(() => ({ minor: 31 }))],
  ["minor 99", onInit(() => ({ minor: 99 }))],
  ["one page a request", onInit(() => ({ max_pages: 1 }))],
  ["without MAX_PAGES", without(INIT_BITS.MAX_PAGES)],
  ["without OPEN, FLUSH and OPENDIR", enosys(OPCODES.OPEN, OPCODES.FLUSH, OPCODES.OPENDIR)],
];

describe.skipIf(!rootWith("/dev/fuse"))("an ordinary life on the running kernel", () => {
  let mount: MountedDaemon | null = null;
  afterEach(async () => {
    await mount?.end();
    mount = null;
  });

  async function judged(daemon: ReferenceDaemon, act: string): Promise<RequestJudge> {
    mount = await MountedDaemon.of(daemon, { writable: true });
    await mount.run(act);
    await mount.end();
    const { stream } = mount;
    mount = null;
    const judge = new RequestJudge(DEFAULT_PROFILE);
    for (const { from, bytes, errno } of stream)
      if (from === "kernel") judge.request(bytes);
      else if (errno === 0) judge.reply(bytes);
    return judge;
  }

  it.each(SOUND)("%s", async (_, fault) => {
    const judge = await judged(new ReferenceDaemon(MANIFEST, fault), LIFE);
    expect(judge.breaches).toEqual([]);
    expect(judge.heard.size).toBeGreaterThan(12);
  });

  it("many names in one directory", async () => {
    const judge = await judged(new ReferenceDaemon(manifestFromJson(MANY)), LIFE);
    expect(judge.breaches).toEqual([]);
  });
});
