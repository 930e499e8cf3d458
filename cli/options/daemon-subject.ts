import { UsageError } from "../../base/errors.ts";
import { withMountpoint } from "../../subjects/daemon/daemon.ts";
import type { DaemonDescription } from "../../suites/index.ts";
import { choice, type Parsed, text } from "./options.ts";

/** The options that say how a daemon is started and talked to. */
export const DAEMON_OPTIONS = {
  channel: { type: "string" },
  via: { type: "string" },
  user: { type: "string" },
  timeout: { type: "string" },
  expect: { type: "string" },
} as const;

/** The daemon that the options and the command behind `--` describe. Throws UsageError. */
export function daemonOf(options: Parsed, command: readonly string[]): DaemonDescription {
  if (command.length === 0) throw new UsageError("there is no command behind --");
  const user = text(options, "user");
  return {
    command: withMountpoint(command),
    channel: choice(options, "channel", ["auto", "seqpacket", "stream"]),
    via: choice(options, "via", ["auto", "direct", "fusermount"]),
    ...(user === undefined ? {} : { user }),
  };
}

/** A stored daemon, with what the options say instead. Throws UsageError. */
export function storedDaemon(subject: DaemonDescription, options: Parsed): DaemonDescription {
  const given = daemonOf(options, options.command ?? subject.command);
  const { user } = { ...subject, ...given };
  return {
    command: given.command,
    channel: "channel" in options.values ? given.channel : subject.channel,
    via: "via" in options.values ? given.via : subject.via,
    ...(user === undefined ? {} : { user }),
  };
}
