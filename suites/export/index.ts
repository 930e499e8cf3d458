import type { Profile } from "../../spec/index.ts";
import { UsageError } from "../failure.ts";
import { kernelFolder } from "../in-kernel/folder.ts";

/** What a folder is written from. */
export interface ExportOptions {
  readonly profile: Profile;
  /** Path of a kernel's source, for the kinds that contain its parser. */
  readonly kernelSource: string | null;
}

/** A form in which the suite goes to another machine. */
export interface ExportKind {
  readonly summary: string;
  /** Content of each file by its path in the folder; the same options always give the same. */
  files(options: ExportOptions): Promise<ReadonlyMap<string, string | Uint8Array>>;
}

const withParser =
  (kind: "kunit" | "module"): ExportKind["files"] =>
  async ({ profile, kernelSource }) => {
    if (kernelSource === null)
      throw new UsageError(
        `export ${kind} cuts the parser out of a kernel's source: name a tree, famfs.c, patch or mail with --kernel-source`,
      );
    return kernelFolder(kind, kernelSource, profile);
  };

export const EXPORTS: Readonly<Record<string, ExportKind>> = {
  kunit: {
    summary: "a KUnit suite of vectors for a kernel tree, around the parser of --kernel-source",
    files: withParser("kunit"),
  },
  module: {
    summary:
      "a module whose device takes messages (`fmapspec parser --device`), around the parser of --kernel-source",
    files: withParser("module"),
  },
};
