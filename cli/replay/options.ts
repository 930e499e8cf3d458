import { DAEMON_OPTIONS } from "../options/daemon-subject.ts";
import { flag } from "../options/kinds.ts";
import { SUBJECT_OPTIONS } from "../options/subject.ts";
import type { Parsed } from "../options/table.ts";

export const SHRINK = flag(
  "if it fails, look for a smaller message, a shorter session or fewer requests that fail in the same way, and write that to a file beside FILE",
);

/** What the command line of a replay says. */
export type ReplayOptions = Parsed<
  typeof SUBJECT_OPTIONS & typeof DAEMON_OPTIONS & { shrink: typeof SHRINK }
>;

const namesBut = (options: object, other: object) =>
  Object.keys(options).filter((name) => !Object.hasOwn(other, name));

/** Names of the options that only go with a failure of a parser, or of a daemon. */
export const ONLY_PARSERS: readonly string[] = namesBut(SUBJECT_OPTIONS, DAEMON_OPTIONS);
export const ONLY_DAEMONS: readonly string[] = namesBut(DAEMON_OPTIONS, SUBJECT_OPTIONS);
