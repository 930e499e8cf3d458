import { access, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { SubjectError, UsageError } from "../../base/errors.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE } from "../../spec/profiles/index.ts";
import { SEED } from "../../test/seed.ts";
import { buildKernelSource } from "./build.ts";
import { hasCompiler } from "./test/compilers.ts";
import { HarnessClient } from "./test/harness-client.ts";
import { MIB2, simpleMessage } from "./test/messages.ts";
import { filesOf, mail, patchOf, quote } from "./test/patches.ts";

const OWN = join(PACKAGE_ROOT, "subjects/kernel-source/test/own");

const scratch = await mkdtemp(join(tmpdir(), "fmapspec-test-"));
afterAll(() => rm(scratch, { recursive: true }));

/** A copy of our own source with one text replaced. */
async function variant(name: string, from: string, to: string): Promise<string> {
  const text = await readFile(join(OWN, "famfs.c"), "utf8");
  expect(text).toContain(from);
  const path = join(scratch, `${name}.c`);
  await writeFile(join(scratch, "famfs_kfmap.h"), await readFile(join(OWN, "famfs_kfmap.h")));
  await writeFile(path, text.replace(from, to));
  return path;
}

/** Its own names and not gcc's: CC, or the first that is there, compiles. */
const compiles = hasCompiler("gcc");

describe.skipIf(!compiles)("buildKernelSource", () => {
  it("says where the parser is from, what stands in for what, and what compiled it", async () => {
    const built = await buildKernelSource(OWN, DEFAULT_PROFILE);
    onTestFinished(built.dispose);
    expect(built.origin).toBe("famfs.c (C source, 2 files)");
    expect(built.hasResolver).toBe(true);
    expect(built.standIns).toContain("struct fuse_famfs_iext");
    expect(built.standIns).toContain("famfs_meta_free");
    expect(built.standIns).not.toContain("struct famfs_file_meta");
    expect(built.notes).toEqual([expect.stringContaining("struct fuse_famfs_iext")]);
    expect(built.compiler).toMatch(/\d+\.\d+/);
  });

  it("removes what it built, but not a folder that it was given", async () => {
    const temporary = await buildKernelSource(OWN, DEFAULT_PROFILE);
    await temporary.dispose();
    await expect(access(temporary.executable)).rejects.toThrow();
    const kept = await buildKernelSource(OWN, DEFAULT_PROFILE, { workDir: join(scratch, "kept") });
    await kept.dispose();
    await access(kept.executable);
  });

  it("compiles the same once, and what changed again; without a cache it compiles always", async () => {
    const entries = join(scratch, "cache/fmapspec/harness");
    vi.stubEnv("XDG_CACHE_HOME", join(scratch, "cache"));
    onTestFinished(() => void vi.unstubAllEnvs());
    const textOfProgram = async (path: string) => {
      const built = await buildKernelSource(path, DEFAULT_PROFILE);
      const text = await readFile(built.executable, "utf8");
      await built.dispose();
      return text;
    };
    await textOfProgram(OWN);
    const [entry = "", ...others] = await readdir(entries);
    expect(others).toEqual([]);
    await writeFile(join(entries, entry, "parser"), "what the cache has");
    expect(await textOfProgram(OWN)).toBe("what the cache has");
    expect(await textOfProgram(await variant("changed", "EINVAL", "ENOENT"))).not.toBe("what the cache has");
    expect(await readdir(entries)).toHaveLength(2);

    await utimes(join(entries, entry), 0, 0);
    await textOfProgram(await variant("again", "EINVAL", "EPERM"));
    expect(await readdir(entries)).toHaveLength(2); // the unused one is gone

    vi.stubEnv("XDG_CACHE_HOME", "/dev/null");
    expect(await textOfProgram(OWN)).not.toBe("what the cache has");
  });

  it("compiles what stands in a conditional as the kernel's configuration has it", async () => {
    const path = await variant(
      "conditional",
      "static unsigned int faults(",
      "#if IS_ENABLED(CONFIG_FUSE_FAMFS_DAX)\nstatic int never(void) { return 0; }\n#else\n" +
        "static int never(void) { return missing(); }\n#endif\nstatic unsigned int faults(",
    );
    await writeFile(
      path,
      (await readFile(path, "utf8")).replace("r->errors++;", "r->errors += 1 + never();"),
    );
    const built = await buildKernelSource(path, DEFAULT_PROFILE);
    await built.dispose();
  });

  it("names the source's own line when that does not compile", async () => {
    const path = await variant("broken", "\tr->at += n * size;\n", "\tr->at += n * no_such_thing;\n");
    const line = (await readFile(path, "utf8")).split("no_such_thing", 1).join().split("\n").length;
    const build = buildKernelSource(path, DEFAULT_PROFILE);
    await expect(build).rejects.toThrow(SubjectError);
    await expect(build).rejects.toThrow(new RegExp(`broken\\.c:${line}:\\d+: error: .*no_such_thing`));
  });

  it("names a kernel function that the harness does not have", async () => {
    const path = await variant("unknown-call", "n += !IS_ALIGNED", "famfs_elsewhere();\n\tn += !IS_ALIGNED");
    await expect(buildKernelSource(path, DEFAULT_PROFILE)).rejects.toThrow(
      /unknown-call\.c:\d+:\d+: error: .*famfs_elsewhere/,
    );
  });

  it("wants a source with a parser and the structs of its map", async () => {
    const other = join(scratch, "other");
    const path = await variant("renamed", "int famfs_file_init_dax(", "int famfs_file_init(");
    await expect(buildKernelSource(path, DEFAULT_PROFILE)).rejects.toThrow(
      /renamed\.c .*defines no famfs_file_init_dax/,
    );
    await rm(join(scratch, "famfs_kfmap.h"));
    const build = buildKernelSource(path, DEFAULT_PROFILE, { workDir: other });
    await expect(build).rejects.toThrow(UsageError);
  });

  it("says which compiler cannot be run", async () => {
    const build = buildKernelSource(OWN, DEFAULT_PROFILE, { cc: "no-such-cc" });
    await expect(build).rejects.toThrow(/"no-such-cc" cannot be run/);
    await expect(build).rejects.toThrow(SubjectError);
  });

  it("says what to install where there is no compiler, or no runtime of AddressSanitizer's", async () => {
    vi.stubEnv("CC", undefined);
    vi.stubEnv("PATH", scratch);
    const without = buildKernelSource(OWN, DEFAULT_PROFILE);
    await expect(without).rejects.toThrow(/no C compiler was found: install gcc/);
    vi.unstubAllEnvs();
    const cc = join(scratch, "cc");
    const script =
      '#!/bin/sh\n[ "$1" = --version ] && exec echo old 1.0\necho "ld: cannot find -lasan" >&2\nexit 1\n';
    await writeFile(cc, script, { mode: 0o755 });
    vi.stubEnv("CC", cc);
    await expect(buildKernelSource(OWN, DEFAULT_PROFILE)).rejects.toThrow(
      /old 1\.0: .*install AddressSanitizer's runtime/,
    );
    vi.unstubAllEnvs();
  });

  it.each(SEED ? [OWN, join(SEED, "kernel")] : [OWN])(
    "builds a parser out of a reply that quotes it",
    async (folder) => {
      const reply = mail("Re: [PATCH] famfs", quote(patchOf(filesOf(folder))), "quoted-printable");
      const path = join(scratch, "reply.eml");
      await writeFile(path, reply);
      const built = await buildKernelSource(path, DEFAULT_PROFILE);
      onTestFinished(built.dispose);
      expect(built.origin).toMatch(/^famfs\.c \(quoted patch, \d files\)$/);
      const client = new HarnessClient(built.executable);
      expect((await client.judge(simpleMessage(MIB2, [[0, 0n, MIB2]]))).rc).toBe(0);
      await client.stop();
    },
  );

  it.skipIf(!SEED)("builds the kernel patch's own parser", async () => {
    const built = await buildKernelSource(join(`${SEED}`, "kernel/famfs.c"), DEFAULT_PROFILE);
    onTestFinished(built.dispose);
    expect(built.origin).toBe("famfs.c (C source, 3 files)");
    expect(built.hasResolver).toBe(false);
    expect(built.standIns).toEqual([
      "struct famfs_daxdev",
      "struct famfs_dax_devlist",
      "famfs_meta_set",
      "famfs_meta_free",
    ]);
    expect(built.notes).toHaveLength(2);
    const client = new HarnessClient(built.executable);
    const reply = await client.judge(simpleMessage(MIB2, [[0, 0n, MIB2]]), { resolve: [[0n, 4096n]] });
    expect(reply.rc).toBe(0);
    expect(reply.resolved[0]?.rc).toBe(-38); // -ENOSYS
    expect(await client.stop()).toBe(0);
  });
});
