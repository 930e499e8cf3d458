/**
 * A process of its own that opens files of the mount: whoever serves a mount must not wait for it. It is told over the
 * channel that Node gives to a forked process, one file at a time.
 */
import { openOnce } from "./open-once.ts";

/** What it is told to do; it answers with what came of it. */
export interface OpenOrder {
  readonly path: string;
}

process.on("message", ({ path }: OpenOrder) => process.send?.(openOnce(path)));
