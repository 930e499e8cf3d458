import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Profile } from "../../spec/index.ts";
import { cutSource, HARNESS, notesOn, translationUnit } from "../kernel-source/cut-parser.ts";
import { protocolHeader } from "../kernel-source/observation.ts";
import { aboutHeader } from "./about.ts";
import { kernelCases } from "./cases.ts";
import { casesHeader } from "./vectors-c.ts";

const IN_KERNEL = join(PACKAGE_ROOT, "subjects/in-kernel/harness");

/** Kinds of code for a kernel: a KUnit suite, or a device that accepts messages. */
export type KernelExport = "kunit" | "module";

/** Text of each file by its path in the folder. The same parser and profile always give the same files. */
export type Folder = ReadonlyMap<string, string>;

/** Of the harness that is used outside of a kernel: what runs in both. */
const SHARED = [
  "answer.c",
  "answer.h",
  "around.h",
  "judge.c",
  "judge.h",
  "ledger.h",
  "map.c",
  "reply.h",
  "watch.h",
];

const OWN: Readonly<Record<KernelExport, readonly string[]>> = {
  kunit: ["kunit.c", "vectors.h"],
  module: ["device.c"],
};

/** Files of the in-kernel harness for the other kind only. */
const ofOther = (kind: KernelExport) => OWN[kind === "kunit" ? "module" : "kunit"];

/**
 * A folder of C to build in a kernel's tree or as a module: the parser cut out of the source at `path`, and the code that
 * calls it with messages. Throws UsageError if there is no parser.
 */
export async function kernelFolder(kind: KernelExport, path: string, profile: Profile): Promise<Folder> {
  const { origin, cut } = await cutSource(path, profile);
  const files = new Map<string, string>();
  const own = (await readdir(IN_KERNEL, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(IN_KERNEL.length + 1))
    .filter((name) => !ofOther(kind).includes(name));
  for (const name of own) files.set(name, await readFile(join(IN_KERNEL, name), "utf8"));
  for (const name of SHARED) files.set(name, await readFile(join(HARNESS, name), "utf8"));
  files.set("protocol.h", protocolHeader(profile));
  const names = cut.symbols.map((name) => `#define ${name} fmapspec_${name}`);
  files.set("source.c", translationUnit(cut, [...new Set(names)]));
  if (kind === "kunit") files.set("cases.h", casesHeader(profile, kernelCases(profile)));
  else files.set("about.h", aboutHeader({ profile, origin, cut }));
  files.set("Makefile", makefile(kind));
  files.set("Kconfig", kconfig(kind));
  if (kind === "kunit") files.set("kunitconfig", KUNITCONFIG);
  files.set("README", howTo(kind, profile, origin, notesOn(cut, profile)));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const OBJECTS = { kunit: "kunit", module: "device" } as const;

const CONFIG = { kunit: "FMAPSPEC_KUNIT", module: "FMAPSPEC_DEVICE" } as const;

export const MODULES: Readonly<Record<KernelExport, string>> = {
  kunit: "fmapspec_kunit",
  module: "fmapspec_device",
};

const makefile = (kind: KernelExport) => `# SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
obj-$(CONFIG_${CONFIG[kind]}) += ${MODULES[kind]}.o
${MODULES[kind]}-y := ${OBJECTS[kind]}.o answer.o ledger.o reply.o source.o watch.o
# A path from the tree's root where the folder is in the tree, an absolute one where it is a module of its own.
here := $(if $(filter /%,$(src)),,$(srctree)/)$(src)
ccflags-y += -I$(here) -I$(here)/libc -Wno-declaration-after-statement -Wno-unused-function
# Where an architecture has UBSAN only for those who ask for it.
UBSAN_SANITIZE := y
`;

const KCONFIG_TEXT = {
  kunit: ["KUnit vectors for the GET_FMAP parser of famfs", "depends on KUNIT"],
  module: ["Device that hands messages to the GET_FMAP parser of famfs", ""],
} as const;

function kconfig(kind: KernelExport): string {
  const [prompt, depends] = KCONFIG_TEXT[kind];
  return [
    "# SPDX-License-Identifier: GPL-2.0 OR Apache-2.0",
    `config ${CONFIG[kind]}`,
    `\ttristate "${prompt}"`,
    ...(depends === "" ? [] : [`\t${depends}`]),
    "\thelp",
    "\t  Written by fmapspec; README beside this file says how to use it. Say N in a kernel for use.",
    "",
  ].join("\n");
}

const KUNITCONFIG = "CONFIG_KUNIT=y\nCONFIG_FMAPSPEC_KUNIT=y\n";

function howTo(kind: KernelExport, profile: Profile, origin: string, notes: readonly string[]): string {
  const steps =
    kind === "kunit"
      ? `In a kernel tree, with absolute paths (FOLDER is this one):

    ln -s FOLDER TREE/lib/fmapspec
    echo 'obj-y += fmapspec/' >> TREE/lib/Makefile
    sed -i '1i source "lib/fmapspec/Kconfig"' TREE/lib/Kconfig
    cd TREE && tools/testing/kunit/kunit.py run --arch=um --build_dir=BUILD \\
      --kunitconfig=FOLDER/kunitconfig 'fmapspec_*'

or as a module for a kernel with CONFIG_KUNIT and CONFIG_MODULES, whose build folder is BUILD:

    make -C BUILD M=FOLDER CONFIG_FMAPSPEC_KUNIT=m modules
    insmod fmapspec_kunit.ko; dmesg   # or, in newer kernels, /sys/kernel/debug/kunit/fmapspec_*/results

A case is a group of rules, a parameter one message: \`fmapspec explain RULE\` says more of the rule that a
failure names. The suite *_hazards shows what the revision is known for, such as a leak or, with
CONFIG_UBSAN_SHIFT, an undefined shift: it fails until the parser is mended; leave it out with the
filter '${"fmapspec_*v[0-9]*"}' or by naming the suite. CONFIG_KASAN, with kasan_multi_shot on the kernel's command line,
shows reads past the end of a message.
`
      : `As a module for the kernel whose build folder is BUILD (FOLDER is this one, absolute):

    make -C BUILD M=FOLDER CONFIG_FMAPSPEC_DEVICE=m modules
    insmod fmapspec_device.ko
    fmapspec parser --profile ${profile.name} --device /dev/fmapspec

or built in: link the folder into TREE/lib, add it to lib/Makefile and its Kconfig to lib/Kconfig.
CONFIG_KASAN, with kasan_multi_shot on the kernel's command line, and CONFIG_UBSAN_SHIFT make reads past the
end of a message and undefined shifts visible: the device reads the kernel's log behind each message.
`;
  return `${MODULES[kind]}: ${KCONFIG_TEXT[kind][0]}, profile ${profile.name}

The parser in source.c was cut out of ${origin}; write the folder again when it changed.
${notes.map((note) => `Note: ${note}.\n`).join("")}
${steps}
The parser's allocations go through a ledger, which counts what is left behind and frees it. The messages are made for
little-endian kernels that map by 2 MiB; elsewhere everything is skipped.
`;
}
