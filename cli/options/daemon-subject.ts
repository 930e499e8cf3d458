import { present } from "../../base/present.ts";
import { withMountpoint } from "../../subjects/daemon/daemon.ts";
import type { DaemonDescription } from "../../suites/index.ts";
import { oneOf, word } from "./kinds.ts";
import { TIMEOUT } from "./subject.ts";
import type { Parsed } from "./table.ts";

/** The options that say how a daemon is started and talked to; its program stands behind `--`. */
export const DAEMON_OPTIONS = {
  channel: oneOf("KIND", "the channel that stands in for /dev/fuse", ["auto", "seqpacket", "stream"]),
  via: {
    ...oneOf("WAY", "", ["auto", "direct", "fusermount"]),
    about: `how the daemon gets the channel: auto (default) is direct, or fusermount where that does not work
direct: the mountpoint is /dev/fd/N, a device that is open already
fusermount: it is an empty folder, and a stand-in for fusermount3 hands over the channel`,
  },
  user: word("NAME", "run it as another user"),
  timeout: TIMEOUT,
};

export const DAEMON_PROGRAM = "CMD ARG... {mountpoint}";

/** The daemon that the options describe, started by this command. */
export const daemonOf = (
  { values: { channel, via, user } }: Parsed<typeof DAEMON_OPTIONS>,
  command: readonly string[],
): DaemonDescription => ({ command: withMountpoint(command), channel, via, ...present({ user }) });

/** A stored daemon, with what the options say instead. */
export const storedDaemon = (
  subject: DaemonDescription,
  options: Parsed<typeof DAEMON_OPTIONS>,
): DaemonDescription => ({
  ...subject,
  ...daemonOf(options, options.program ?? subject.command),
  ...(!options.given.has("channel") && { channel: subject.channel }),
  ...(!options.given.has("via") && { via: subject.via }),
});
