/** The exports for other machines and tools: each kind is a set of files. */

import { UsageError } from "../base/errors.ts";
import type { Profile } from "../spec/index.ts";
import { kernelFolder } from "../subjects/in-kernel/folder.ts";
import { inTreeFolder } from "../subjects/in-kernel/in-tree.ts";
import { fuzzingCorpus } from "./corpus.ts";
import type { ExportFiles } from "./files.ts";
import { kfuzztestInputs } from "./kfuzztest.ts";
import { kselftestFolder } from "./kselftest.ts";
import { syzlang } from "./syzlang.ts";

/** The input of an export. */
interface ExportOptions {
  readonly profile: Profile;
  /** Path of a kernel's source, for the kinds that contain its parser. */
  readonly kernelSource: string | null;
}

/** A kind of export. */
export interface ExportKind {
  readonly summary: string;
  /** The files; the same options always give the same files. */
  files(options: ExportOptions): Promise<ExportFiles>;
}

const device: ExportKind["files"] = async ({ profile, kernelSource }) => {
  if (kernelSource === null)
    throw new UsageError(
      "export module cuts the parser out of a kernel's source: name a tree, famfs.c, patch or mail with --kernel-source",
    );
  return kernelFolder("module", kernelSource, profile);
};

const ofProfile =
  (files: (profile: Profile) => ExportFiles): ExportKind["files"] =>
  async ({ profile }) =>
    files(profile);

export const EXPORTS: Readonly<Record<string, ExportKind>> = {
  kunit: {
    summary:
      "a KUnit suite of vectors: around the parser of --kernel-source, or, without it, for the tree that has the parser",
    files: async ({ profile, kernelSource }) =>
      kernelSource === null ? inTreeFolder(profile) : kernelFolder("kunit", kernelSource, profile),
  },
  module: {
    summary:
      "a module whose device takes messages (`fmapspec parser --device`), around the parser of --kernel-source",
    files: device,
  },
  kselftest: {
    summary: "a folder for tools/testing/selftests that runs `fmapspec kernel`",
    files: ofProfile(kselftestFolder),
  },
  corpus: { summary: "seeds and a dictionary for libFuzzer and AFL++", files: ofProfile(fuzzingCorpus) },
  kfuzztest: { summary: "the messages as inputs of a KFuzzTest target", files: ofProfile(kfuzztestInputs) },
  syzlang: {
    summary: "the replies of GET_FMAP and GET_DAXDEV for syzkaller's sys/linux",
    files: ofProfile(syzlang),
  },
};
