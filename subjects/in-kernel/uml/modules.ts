import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SubjectError, UsageError } from "../../../base/errors.ts";
import type { Profile } from "../../../spec/index.ts";
import { readKernelSource } from "../../kernel-source/locate.ts";
import { applyHook } from "../../live-kernel/hook.ts";
import { type Folder, type KernelExport, kernelFolder, MODULES } from "../folder.ts";
import type { Surroundings, UmlKernel } from "./kernel.ts";
import { step } from "./tools.ts";

/** The modules with the parser. */
export interface ParserModules {
  readonly kunit: string;
  readonly device: string;
  /** The kernel's FUSE with the parser and its hook; null: there is none, `why` has the reason. */
  readonly fuse: string | null;
  readonly why: string | null;
}

/** Builds the modules for the parser at `path`, or reuses a build of the same text. */
export async function buildModules(
  path: string,
  profile: Profile,
  kernel: UmlKernel,
  { cache, say, signal }: Surroundings,
): Promise<ParserModules> {
  const folders: [KernelExport, Folder][] = [];
  for (const kind of ["kunit", "module"] as const)
    folders.push([kind, await kernelFolder(kind, path, profile)]);
  const hash = createHash("sha256").update(kernel.key);
  for (const [kind, files] of folders)
    for (const [name, text] of files) hash.update(`\0${kind}/${name}\0${text}`);
  const hooked = await hookedFuse(path, profile, kernel, join(cache, `fuse.${process.pid}.tmp`));
  hash.update(hooked.digest);
  const root = join(cache, `modules-${hash.digest("hex").slice(0, 16)}`);
  const at = (kind: KernelExport) => join(root, kind, `${MODULES[kind]}.ko`);
  const fuse = hooked.folder === null ? null : join(root, "fuse/fs/fuse/fuse.ko");
  try {
    if (!existsSync(join(root, "built"))) {
      say(`building the parser's modules in ${root}`);
      for (const [kind, files] of folders) await writeFolder(join(root, kind), files);
      if (hooked.folder !== null) await cp(hooked.folder, join(root, "fuse"), { recursive: true });
      const build = (folder: string, config: string) =>
        step(
          [
            "make",
            "-s",
            "-C",
            kernel.source,
            "ARCH=um",
            `O=${kernel.build}`,
            `M=${folder}`,
            `${config}=m`,
            "-j2",
            "modules",
          ],
          {
            what: `the build of ${folder}`,
            signal,
          },
        );
      await build(join(root, "kunit"), "CONFIG_FMAPSPEC_KUNIT");
      await build(join(root, "module"), "CONFIG_FMAPSPEC_DEVICE");
      if (fuse !== null) await build(join(root, "fuse/fs/fuse"), "CONFIG_FUSE_FS");
      await writeFile(join(root, "built"), "");
    }
  } finally {
    if (hooked.folder !== null) await rm(hooked.folder, { recursive: true, force: true });
  }
  return { kunit: at("kunit"), device: at("module"), fuse, why: hooked.why };
}

async function writeFolder(folder: string, files: Folder): Promise<void> {
  for (const [name, text] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Makes a copy of the kernel's fs/fuse with the hook in `folder`. */
async function hookedFuse(
  path: string,
  profile: Profile,
  { source }: UmlKernel,
  folder: string,
): Promise<{ folder: string | null; digest: string; why: string | null }> {
  const fuse = join(folder, "fs/fuse");
  const uapi = "include/uapi/linux/fuse.h";
  await cp(join(source, "fs/fuse"), fuse, { recursive: true });
  await mkdir(dirname(join(folder, uapi)), { recursive: true });
  await cp(join(source, uapi), join(folder, uapi));
  try {
    await applyHook(folder, await readKernelSource(path), profile);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!(error instanceof SubjectError || error instanceof UsageError)) throw error;
    return { folder: null, digest: "", why: error.message };
  }
  const hash = createHash("sha256");
  for (const name of (await readdir(fuse)).sort()) hash.update(await readFile(join(fuse, name)));
  return { folder, digest: hash.digest("hex"), why: null };
}
