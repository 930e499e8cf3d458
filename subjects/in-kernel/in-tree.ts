import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { EXT_INTERLEAVE, type Profile } from "../../spec/index.ts";
import { HARNESS } from "../kernel-source/cut-parser.ts";
import { type KernelCase, kernelCases } from "./cases.ts";
import type { Folder } from "./folder.ts";
import { casesHeader } from "./vectors-c.ts";

const IN_TREE = join(PACKAGE_ROOT, "subjects/in-kernel/in-tree");

/** Cases that work without the harness around the parser: no allocation fails, and no ledger counts. */
const isVisible = (c: KernelCase): boolean => c.failAllocation === 0;
const isUbsan = (c: KernelCase): boolean => c.rule === "hazard/devindex-shift";

/**
 * The KUnit suite for a tree that has the parser: a folder to include at the end of the parser's own file. The same profile
 * always gives the same files.
 */
export async function inTreeFolder(profile: Profile): Promise<Folder> {
  const { requirements, hazards } = kernelCases(profile);
  const cases = { requirements: requirements.filter(isVisible), hazards: hazards.filter(isUbsan) };
  const [suite, vectors, map] = await Promise.all(
    [
      join(IN_TREE, "fmapspec_kunit.c"),
      join(PACKAGE_ROOT, "subjects/in-kernel/harness/vectors.h"),
      join(HARNESS, "map.c"),
    ].map((path) => readFile(path, "utf8")),
  );
  return new Map([
    ["Kconfig", KCONFIG],
    ["README", howTo(profile)],
    ["cases.h", casesHeader(profile, cases)],
    ["fmapspec_kunit.c", suite as string],
    ["kunitconfig", KUNITCONFIG],
    ["map.c", map as string],
    ["profile.h", profileHeader(profile, cases.requirements)],
    ["vectors.h", vectors as string],
  ]);
}

/** The parser's function; the first posting (patch 13/19) has another name for it. */
const parserOf = ({ name }: Profile) => (name === "rfc-v1" ? "famfs_meta_alloc_v3" : "famfs_fuse_meta_alloc");

const profileHeader = (profile: Profile, cases: readonly KernelCase[]): string =>
  [
    "/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */",
    "#ifndef FMAPSPEC_PARSER",
    `#define FMAPSPEC_PARSER ${parserOf(profile)}`,
    "#endif",
    ...(profile.parser.interleaved === null ? [] : ["#define FMAPSPEC_INTERLEAVED"]),
    `#define FMAPSPEC_EXT_INTERLEAVE ${EXT_INTERLEAVE}`,
    `#define FMAPSPEC_LONGEST_MAP ${Math.max(...cases.map((c) => c.map.length))}`,
    "",
  ].join("\n");

const KCONFIG = `# SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
config FMAPSPEC_KUNIT
	bool "KUnit vectors for the GET_FMAP parser of famfs"
	depends on KUNIT=y && FUSE_FS=y
	help
	  Written by fmapspec; README beside this file says how to use it. Say N in a kernel for use.
`;

const KUNITCONFIG = "CONFIG_KUNIT=y\nCONFIG_FUSE_FS=y\nCONFIG_FMAPSPEC_KUNIT=y\n";

const howTo = (
  profile: Profile,
): string => `fmapspec_kunit: KUnit vectors for the GET_FMAP parser of famfs, profile ${profile.name}

For a tree that has the parser; FILE.c is the file that it is in, such as fs/fuse/famfs.c. FOLDER is this one.

    cp -r FOLDER TREE/fs/fuse/fmapspec
    cd TREE
    printf '#ifdef CONFIG_FMAPSPEC_KUNIT\\n#include "fmapspec/fmapspec_kunit.c"\\n#endif\\n' >> FILE.c
    echo 'source "fs/fuse/fmapspec/Kconfig"' >> fs/fuse/Kconfig
    tools/testing/kunit/kunit.py run --arch=um --build_dir=BUILD \\
      --kunitconfig=fs/fuse/fmapspec/kunitconfig 'fmapspec_*'

Add what your tree wants for its parser to be built, such as CONFIG_FUSE_FAMFS_DAX=y, with --kconfig_add; where that needs
what User Mode Linux has not (CONFIG_DEV_DAX), --arch=x86_64 runs it in QEMU. A function that is not called
${parserOf(profile)} is named with -D: --make_options KCFLAGS=-DFMAPSPEC_PARSER=NAME.

A case is a group of rules, a parameter one message: \`fmapspec explain RULE\` says more of the rule that a failure names.
The suite *_hazards holds undefined shifts: with CONFIG_UBSAN_SHIFT it fails until the parser is mended (where the kernel has CONFIG_UBSAN_SANITIZE_ALL
and it is off, as in 6.1, write UBSAN_SANITIZE_FILE.o := y into fs/fuse/Makefile). What the parser
leaves behind shows with CONFIG_DEBUG_KMEMLEAK, what it reads past a message's end with CONFIG_KASAN; both say so in the log.
`;
