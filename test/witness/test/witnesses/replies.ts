/** INIT, replies, notifications and interrupts. */
import * as own from "../own-faults.ts";
import { LIST, SHORT, type Witnesses } from "./witness.ts";

const READ = 'cat "$M/data/byte" > /dev/null';

export const replyWitnesses: Witnesses = {
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
  "daemon/life/interrupt": [
    {
      fault: "interrupt-hits-next",
      act: 'timeout -s KILL 0.1 stat "$M/slow"; stat "$M/data"',
      slow: { opcode: "LOOKUP", ms: 400 },
      sees: [{ fails: "EINTR" }],
    },
  ],
};
