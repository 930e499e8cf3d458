/** For each requirement that every FUSE daemon has to meet: what its misbehaving daemons do to a mount of Linux. */
import type { OPCODES, RuleId } from "../../../spec/index.ts";
import type { Fault } from "../../reference-daemon/fault.ts";
import type { Consequence } from "./consequence.ts";
import * as own from "./own-faults.ts";

type OpcodeName = keyof typeof OPCODES;

export interface Witness {
  /** Name of the reference daemon's fault, or a fault that the kernel here can meet. */
  readonly fault: string | Fault;
  /** A shell command; `$M` is the mountpoint. */
  readonly act: string;
  /** What is observed, all of it, and on a sound daemon none of it. */
  readonly sees: readonly Consequence[];
  /** Requests that are answered so many milliseconds late, so that something can come in between. */
  readonly slow?: { readonly opcode: OpcodeName; readonly ms: number };
  /** After a request of that opcode the daemon reads nothing until the action prints `go on`. */
  readonly pauseAfter?: OpcodeName;
  /** Names and attributes are valid for no time. */
  readonly forgetful?: true;
  /** Milliseconds after which the action counts as hanging. */
  readonly patience?: number;
}

/** Milliseconds after which what hangs is known to. */
const SHORT = 1000;

const LIST = 'ls "$M"';
const READ = 'cat "$M/data/byte" > /dev/null';

/** The kernel gives up what nobody uses, and forgets its nodeids. */
const DROP = "echo 2 > /proc/sys/vm/drop_caches";

/**
 * While the daemon reads nothing the kernel forgets these nodeids and looks one of them up again. It sends the LOOKUP
 * first, so FORGET gives back a part of the lookups, while a process has the directory as its working directory.
 */
const overtaken = (names: string) => `cd "$M/data"; stat ${names} > /dev/null; df . > /dev/null; ${DROP}
  (cd deep; sleep 0.1; ls > /dev/null) & sleep 0.1; echo go on; wait`;

export const WITNESSES: Readonly<Partial<Record<RuleId, readonly Witness[]>>> = {
  "daemon/init/version": [{ fault: "major-8", act: LIST, sees: [{ fails: "ECONNREFUSED" }] }],
  "daemon/init/read-buffer": [
    { fault: "read-buffer-8191", act: LIST, patience: SHORT, sees: [{ read: "EINVAL" }, { hangs: true }] },
    {
      fault: "read-buffer-of-max-write",
      act: LIST,
      patience: SHORT,
      sees: [{ read: "EINVAL" }, { hangs: true }],
    },
    {
      fault: "max-write-above-buffer",
      act: LIST,
      patience: SHORT,
      sees: [{ read: "EINVAL" }, { hangs: true }],
    },
  ],
  "daemon/reply/one-write": [
    {
      fault: "reply-in-two-writes",
      act: LIST,
      patience: SHORT,
      sees: [{ write: "EINVAL", to: "INIT" }, { hangs: true }],
    },
    { fault: "two-replies-in-one-write", act: LIST, sees: [{ write: "EINVAL", to: "RELEASEDIR" }] },
  ],
  "daemon/reply/length": [
    { fault: "length-of-body-only", act: LIST, sees: [{ write: "EINVAL", to: "RELEASEDIR" }] },
    { fault: "length-too-long", act: LIST, sees: [{ write: "EINVAL", to: "RELEASEDIR" }] },
    {
      fault: own.OPEN_LENGTH,
      act: READ,
      patience: SHORT,
      sees: [{ write: "EINVAL", to: "OPEN" }, { hangs: true }],
    },
  ],
  "daemon/reply/interrupt-bit": [
    { fault: own.OPEN_UNDER_INTERRUPT, act: READ, patience: SHORT, sees: [{ hangs: true }] },
  ],
  "daemon/notify/code": [
    { fault: "notification-of-no-kind", act: LIST, sees: [{ write: "EINVAL", to: "nobody" }] },
    { fault: "reply-to-nobody-with-error", act: LIST, sees: [{ write: "EINVAL", to: "nobody" }] },
  ],
  "daemon/notify/body": [
    { fault: "notification-cut", act: LIST, sees: [{ write: "EINVAL", to: "nobody" }] },
    { fault: "notification-namelen-short", act: LIST, sees: [{ write: "EINVAL", to: "nobody" }] },
  ],
  "daemon/reply/error-range": [
    { fault: "error-positive", act: LIST, sees: [{ write: "EINVAL", to: "RELEASEDIR" }] },
    { fault: "error-below-range", act: LIST, sees: [{ write: "EINVAL", to: "RELEASEDIR" }] },
    {
      fault: own.OPEN_ERROR_POSITIVE,
      act: READ,
      patience: SHORT,
      sees: [{ write: "EINVAL", to: "OPEN" }, { hangs: true }],
    },
    {
      fault: own.OPEN_ERROR_BELOW_RANGE,
      act: READ,
      patience: SHORT,
      sees: [{ write: "EINVAL", to: "OPEN" }, { hangs: true }],
    },
  ],
  "daemon/reply/no-body-with-error": [
    { fault: "body-with-error", act: LIST, sees: [{ write: "EINVAL", to: "RELEASEDIR" }] },
    {
      fault: own.OPEN_ERROR_WITH_BODY,
      act: READ,
      sees: [{ write: "EINVAL", to: "OPEN" }, { fails: "EIO" }],
    },
  ],
  "daemon/reply/body-size": [
    { fault: "opendir-short", act: LIST, sees: [{ write: "EINVAL", to: "OPENDIR" }, { fails: "EIO" }] },
    { fault: "statfs-short", act: 'df "$M"', sees: [{ write: "EINVAL", to: "STATFS" }, { fails: "EIO" }] },
  ],
  "daemon/reply/answered": [
    { fault: own.OPEN_UNANSWERED, act: READ, patience: SHORT, sees: [{ hangs: true }] },
  ],
  "daemon/tree/root": [
    { fault: "root-is-a-file", act: 'ls "$M"; cat "$M/data/byte"', sees: [{ fails: "EIO" }] },
  ],
  "daemon/tree/lookup-getattr": [
    {
      fault: own.GETATTR_OTHER_TYPE,
      forgetful: true,
      act: 'exec 3< "$M/data/byte"; stat "$M/data/byte" >&2; cat <&3',
      sees: [{ fails: "EIO" }],
    },
    {
      fault: "lookup-size-ahead",
      act: 'cd "$M/data"; stat -c %s byte; cat byte | wc -c; stat -c %s byte',
      sees: [{ prints: "other" }],
    },
  ],
  "daemon/tree/listed-names": [
    {
      fault: "listed-name-unknown",
      act: `cd "$M"; names=$(ls); ${DROP}; echo "$names" | while read -r name; do stat "$name" > /dev/null; done`,
      sees: [{ fails: "ENOENT" }],
    },
  ],
  "daemon/tree/unknown-name": [
    {
      fault: "unknown-name-found",
      act: 'test -e "$M/no-such-name" && echo there',
      sees: [{ prints: "other" }],
    },
  ],
  "daemon/tree/lookup-count": [
    {
      fault: "name-gone-after-forget",
      act: `stat -c %n "$M/data/byte"; ${DROP}; sleep 0.05; stat -c %n "$M/data/byte"`,
      sees: [{ fails: "ENOENT" }],
    },
    {
      fault: "lookups-run-out",
      forgetful: true,
      act: `perl -e '-e "$ENV{M}/data/byte" or die "$!\\n" for 1 .. 300'`,
      sees: [{ fails: "ENFILE" }],
    },
    {
      fault: "dropped-at-first-forget",
      pauseAfter: "STATFS",
      act: overtaken("deep"),
      sees: [{ fails: "ESTALE" }],
    },
    {
      fault: "batch-forget-drops",
      pauseAfter: "STATFS",
      act: overtaken("deep byte"),
      sees: [{ fails: "ESTALE" }],
    },
  ],
  "daemon/tree/open": [
    { fault: "open-refused", act: 'cat "$M/data/whole" > /dev/null', sees: [{ fails: "EACCES" }] },
  ],
  "daemon/life/interrupt": [
    {
      fault: "interrupt-hits-next",
      act: 'timeout -s KILL 0.1 stat "$M/slow"; stat "$M/data"',
      slow: { opcode: "LOOKUP", ms: 400 },
      sees: [{ fails: "EINTR" }],
    },
  ],
};

/** Requirements whose consequence another test shows, and which. */
export const SHOWN_ELSEWHERE: Readonly<Partial<Record<RuleId, string>>> = {
  "daemon/life/stays": "process.test.ts",
};

/** Requirements whose consequence no mount shows: what was read in fs/fuse of Linux 6.1, function and condition. */
export const READ_IN_SOURCE: Readonly<Partial<Record<RuleId, string>>> = {};

const FAMFS = /^daemon\/(fmap|daxdev|intent)\/|^daemon\/init\/(fmap|newer)/;

/** Whether a requirement is one of every FUSE daemon's: a kernel without famfs shows what comes of breaking it. */
export const isGeneric = (id: RuleId): boolean => id.startsWith("daemon/") && !FAMFS.test(id);
