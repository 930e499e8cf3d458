/**
 * A separate process that opens files of the mount, because the server of a mount must not block in it. It gets one file at
 * a time, over the channel that Node gives to a forked process.
 */
import { openOnce } from "./open-once.ts";

/** The file to open; the opener replies with an OpenReport. */
export interface OpenOrder {
  readonly path: string;
}

process.on("message", ({ path }: OpenOrder) => process.send?.(openOnce(path)));
