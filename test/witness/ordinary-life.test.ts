/** An ordinary life on a mount of the running kernel: what it sends passes the table of requests. */
import { afterEach, describe, expect, it } from "vitest";
import {
  DEFAULT_PROFILE,
  INIT_BITS,
  type ManifestJson,
  manifestFromJson,
  OPCODES,
} from "../../spec/index.ts";
import { ReferenceDaemon } from "../../subjects/reference/daemon.ts";
import { defaultManifestOf } from "../../subjects/reference/default-manifest.ts";
import type { Variant } from "../../subjects/reference/fault.ts";
import { onInit } from "../../subjects/reference/faults/init.ts";
import { VARIANTS } from "../../subjects/reference/variants.ts";
import { RequestJudge } from "./request-judge.ts";
import { mountable } from "./test/mountable.ts";
import { MountedDaemon } from "./test/mounted-daemon.ts";
import { forgetful, inSinglePages } from "./test/own-faults.ts";

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

const minor12: Variant = {
  name: "minor-12",
  sentence: "INIT is answered with minor 12.",
  plant: () => onInit(() => ({ minor: 12 })),
};

const withoutMaxPages: Variant = {
  name: "without-max-pages",
  sentence: "MAX_PAGES is not agreed on.",
  plant: () => onInit(({ flags }) => ({ flags: (flags & ~(1 << INIT_BITS.MAX_PAGES)) >>> 0 })),
};

/** Ways to answer INIT and to serve, all of them right. */
const SOUND: readonly (Variant | null)[] = [
  null,
  ...VARIANTS,
  minor12,
  withoutMaxPages,
  { ...forgetful(null), name: "forgetful" },
  { ...inSinglePages(null), name: "single-pages" },
];

describe.skipIf(!mountable())("an ordinary life on the running kernel", () => {
  let mount: MountedDaemon | null = null;
  afterEach(async () => {
    await mount?.end();
    mount = null;
  });

  async function judged(daemon: ReferenceDaemon, act: string): Promise<RequestJudge> {
    mount = await MountedDaemon.of(daemon, { writable: true });
    const { hung, out } = await mount.run(act);
    expect(hung).toBe(false);
    expect(out).toContain("link");
    await mount.end();
    const { stream } = mount;
    mount = null;
    const judge = new RequestJudge(DEFAULT_PROFILE);
    for (const { from, bytes, errno } of stream)
      if (from === "kernel") judge.request(bytes);
      else if (errno === 0) judge.reply(bytes);
    return judge;
  }

  it.each(SOUND.map((variant) => [variant?.name ?? "as it is", variant] as const))(
    "%s",
    async (_, variant) => {
      const judge = await judged(new ReferenceDaemon(MANIFEST, variant), LIFE);
      expect(judge.breaches).toEqual([]);
      expect(judge.heard.size).toBeGreaterThan(12);
      // No mount of a descriptor sends it, so nothing that hangs on it can be a MUST.
      expect(judge.heard.has(OPCODES.DESTROY)).toBe(false);
    },
  );

  it("many names in one directory", async () => {
    const judge = await judged(new ReferenceDaemon(manifestFromJson(MANY)), LIFE);
    expect(judge.breaches).toEqual([]);
  });
});
