/**
 * The one place where tests find the kernel patch that profile rfc-v2 models. It is GPL code and not part of this
 * project: FMAPSPEC_SEED names a folder that holds `kernel/famfs.c` and its headers.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { PACKAGE_ROOT } from "../base/package-root.ts";

const folder = process.env.FMAPSPEC_SEED ?? resolve(PACKAGE_ROOT, "../shared/seed");

/** Folder of the patch's files, or undefined where it is not there. */
export const SEED: string | undefined = existsSync(join(folder, "kernel/famfs.c")) ? folder : undefined;

if (SEED === undefined)
  process.stderr.write(
    `NOT TESTED against the kernel's own C: ${folder}/kernel/famfs.c is not there (set FMAPSPEC_SEED)\n`,
  );
