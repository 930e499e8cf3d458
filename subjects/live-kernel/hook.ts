/** Adds a GET_FMAP parser, and the code that calls it, to the fs/fuse of a stock kernel. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SubjectError, UsageError } from "../../base/errors.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { daxdevOut, fmapHeader, type Profile } from "../../spec/index.ts";
import { cutParser, PARSER_ROOTS } from "../kernel-source/cut.ts";
import type { KernelSource, SourceText } from "../kernel-source/source.ts";
import { uapiOf } from "../kernel-source/stand-ins.ts";

const HOOK = join(PACKAGE_ROOT, "subjects/live-kernel/hook");
const STAND_INS = join(PACKAGE_ROOT, "subjects/kernel-source/harness/stand-ins.h");

/** A line of the stock file and its replacement; `$&` is the line itself. */
interface Insertion {
  readonly file: string;
  readonly at: RegExp;
  readonly text: string;
}

const INSERTIONS: readonly Insertion[] = [
  {
    file: "Makefile",
    at: /^fuse-y := (?:.*\\\n)*.*$/m,
    text: "$&\nfuse-y += famfs_fmap.o\n# Where a kernel has UBSAN only for those who ask for it.\nUBSAN_SANITIZE_famfs_fmap.o := y",
  },
  { file: "fuse_i.h", at: /^struct fuse_conn \{$/m, text: "$&\n\tbool famfs_iomap;" },
  { file: "fuse_i.h", at: /^\tstruct inode inode;$/m, text: "$&\n\tvoid *famfs_meta;" },
  { file: "fuse_i.h", at: /^#endif \/\* _FS_FUSE_I_H \*\/$/m, text: '#include "famfs_hook.h"\n$&' },
  { file: "inode.c", at: /^\tmutex_init\(&fi->mutex\);$/m, text: "\tfi->famfs_meta = NULL;\n$&" },
  { file: "inode.c", at: /^\tmutex_destroy\(&fi->mutex\);$/m, text: "\tfamfs_hook_free(fi);\n$&" },
  {
    file: "inode.c",
    at: /^\t+flags \|= \(u64\) ?arg->flags2 << 32;$/m,
    text: "$&\n\t\t\tfc->famfs_iomap = famfs_hook_agreed(flags);",
  },
  { file: "inode.c", at: /^\tia->in\.flags = flags;$/m, text: "\tflags |= famfs_hook_offer();\n$&" },
  {
    file: "file.c",
    at: /^\terr = fuse_do_open\(fm, get_node_id\(inode\), file, (?:false|isdir)\);$/m,
    text: [
      "$&",
      "\tif (!err) {",
      "\t\terr = famfs_hook_open(fm, inode);",
      "\t\tif (err)",
      "\t\t\tfuse_sync_release(get_fuse_inode(inode), file->private_data, file->f_flags);",
      "\t}",
    ].join("\n"),
  },
];

const POLICIES = ["exact", "retry-once", "single", "fmap-size"] as const;

/** The C header with the numbers of a revision. Throws UsageError if the revision does not ask in open(2). */
export function profileHeader({ name, request, replySize, ...profile }: Profile): string {
  if (request.hook !== "open")
    throw new UsageError(
      `the hook asks when a file is opened, ${name} when it is looked up: no kernel of it can be built`,
    );
  const constant = (policy: string) => `FAMFS_HOOK_${policy.toUpperCase().replace("-", "_")}`;
  const defines = {
    ...Object.fromEntries(POLICIES.map((policy, i) => [constant(policy), i])),
    FAMFS_HOOK_SIZES: constant(replySize.kind),
    FAMFS_HOOK_SIZE_FIRST: replySize.first,
    FAMFS_HOOK_SIZE_MIN: replySize.kind === "retry-once" ? replySize.min : 0,
    FAMFS_HOOK_SIZE_MAX: replySize.max,
    FAMFS_HOOK_FMAP_SIZE_AT: fmapHeader.offsetOf("reserved0"),
    FAMFS_HOOK_GET_FMAP: profile.opcodes.getFmap,
    FAMFS_HOOK_BODY: request.body === "none" ? 0 : 1,
    FAMFS_HOOK_GET_DAXDEV: profile.opcodes.getDaxdev ?? 0,
    FAMFS_HOOK_DAXDEV_SIZE: daxdevOut.size,
    FAMFS_HOOK_SLOTS: profile.daxdevs.slots ?? 0,
    FAMFS_HOOK_INIT_FLAG: `(1ULL << ${profile.initBit})`,
    FAMFS_HOOK_GUARDED: Number(profile.initGuarded),
    FAMFS_HOOK_DROPS_VERDICT: Number(profile.exchange.dropsVerdict),
    FAMFS_HOOK_OPEN_IGNORES: Number(profile.exchange.openIgnoresFmap),
  };
  return [
    "/* SPDX-License-Identifier: GPL-2.0 */",
    `/* The numbers of ${name}. */`,
    ...Object.entries(defines).map(([key, value]) => `#define ${key} ${value}`),
    "",
  ].join("\n");
}

/** famfs_fmap.c: the unchanged parser, followed by the hook. `stock`: headers of the target kernel. */
async function parserUnit(
  source: KernelSource,
  stock: readonly SourceText[],
  profile: Profile,
): Promise<string> {
  const text = await readFile(STAND_INS, "utf8");
  const standIns = [uapiOf(profile), { file: "stand-ins.h", line: 1, text }];
  const cut = cutParser(source, stock, standIns, PARSER_ROOTS);
  return [
    "// SPDX-License-Identifier: GPL-2.0",
    "#define CONFIG_FUSE_FAMFS_DAX 1",
    ...["dax", "iomap", "path", "namei", "string", "slab"].map((name) => `#include <linux/${name}.h>`),
    '#include "fuse_i.h"',
    '#include "famfs_profile.h"',
    cut.text,
    '#include "famfs_hook.c"',
    "",
  ].join("\n");
}

/** Replaces the file instead of writing into it, because a tree may consist of hard links to another one. */
async function put(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

/**
 * Changes the fs/fuse of the kernel tree so that it speaks GET_FMAP like the profile, with the parser of `source`. A tree that
 * has the hook already gets the new parser and profile. Throws SubjectError if the hook does not fit the tree's fs/fuse.
 */
export async function applyHook(tree: string, source: KernelSource, profile: Profile): Promise<void> {
  const fuse = join(tree, "fs/fuse");
  const stockTexts = await Promise.all(
    [join(fuse, "fuse_i.h"), join(tree, "include/uapi/linux/fuse.h")].map(async (path) => ({
      file: path,
      line: 1,
      text: await readStock(path),
    })),
  );
  await put(join(fuse, "famfs_profile.h"), profileHeader(profile));
  await put(join(fuse, "famfs_fmap.c"), await parserUnit(source, stockTexts, profile));
  for (const name of ["famfs_hook.h", "famfs_hook.c"])
    await put(join(fuse, name), await readFile(join(HOOK, name), "utf8"));
  for (const file of new Set(INSERTIONS.map((i) => i.file))) {
    const path = join(fuse, file);
    const before = await readStock(path);
    const after = hooked(before, file);
    if (after !== before) await put(path, after);
  }
}

const readStock = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new SubjectError(`${path} cannot be read (${error.code}): expected the source of a Linux kernel`);
  });

/** The stock file with its insertions; unchanged if it has them already. */
export function hooked(before: string, file: string): string {
  if (/famfs_(?:hook|meta|fmap)/.test(before)) return before;
  return INSERTIONS.filter((i) => i.file === file).reduce((text, { at, text: replacement }) => {
    if (!at.test(text))
      throw new SubjectError(
        `fs/fuse/${file} of that kernel has no line that looks like ${at.source}: the hook does not fit it`,
      );
    return text.replace(at, replacement);
  }, before);
}
