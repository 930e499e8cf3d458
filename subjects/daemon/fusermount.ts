/**
 * For daemons that insist on mounting: a stand-in for fusermount3 that mounts nothing and hands over our channel,
 * as the real one hands over /dev/fuse, with SCM_RIGHTS on the socket that _FUSE_COMMFD names.
 */
import { chmodSync, chownSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../process/reaper.ts";
import type { ChannelKind } from "./channel/channel.ts";
import { type Hiding, hidingBehind, realHelpers, works } from "./hiding.ts";
import type { User } from "./user.ts";

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Some daemons start the helper with an empty environment, so nothing here is looked up in PATH. */
const wrapper = (kind: ChannelKind, script: string, channel: number): string => `#!/bin/sh
for word; do
  case "$word" in
    -u|-h|--help) exit 0 ;;
    -V|--version) echo 'fusermount3 version: 3.14.0'; exit 0 ;;
  esac
done
[ -n "$_FUSE_COMMFD" ] || { echo 'fusermount3 (stand-in): no _FUSE_COMMFD' >&2; exit 1; }
${kind === "stream" ? 'export NODE_CHANNEL_FD="$_FUSE_COMMFD"' : ""}
exec ${quoted(process.execPath)} ${quoted(script)} ${channel}
`;

/** Without FFI: libuv passes a descriptor with the first byte of an IPC message, which is all that a daemon reads. */
const HAND_OVER_STREAM = `
import { Socket } from "node:net";
const socket = new Socket({ fd: Number(process.argv[2]), manualStart: true });
// O_NONBLOCK is shared with the daemon, whose end must block.
socket._handle.setBlocking(true);
process.send("", socket, { keepOpen: true }, (error) => process.exit(error ? 1 : 0));
`;

/** msghdr with one byte of data and one control message, as 64-bit little-endian machines lay it out. */
const handOverPackets = (koffi: string) => `
import koffi from ${JSON.stringify(koffi)};
const data = Buffer.alloc(1);
const control = Buffer.alloc(24);
control.writeBigUInt64LE(20n, 0);
control.writeInt32LE(1, 8); // SOL_SOCKET
control.writeInt32LE(1, 12); // SCM_RIGHTS
control.writeInt32LE(Number(process.argv[2]), 16);
const iov = Buffer.alloc(16);
iov.writeBigUInt64LE(koffi.address(data), 0);
iov.writeBigUInt64LE(1n, 8);
const message = Buffer.alloc(56);
message.writeBigUInt64LE(koffi.address(iov), 16);
message.writeBigUInt64LE(1n, 24);
message.writeBigUInt64LE(koffi.address(control), 32);
message.writeBigUInt64LE(24n, 40);
const sendmsg = koffi.load(null).func("long sendmsg(int, const void *, int)");
process.exit(sendmsg(Number(process.env._FUSE_COMMFD), message, 0) === 1 ? 0 : 1);
`;

const isMounted = (folder: string): boolean =>
  readFileSync("/proc/self/mountinfo", "utf8").includes(` ${folder} `);

export interface StandIn extends Hiding {
  readonly mountpoint: string;
  /** To go in front of PATH. */
  readonly folder: string;
  /** Removes the folders, but nothing in a mountpoint that is mounted after all. */
  dispose(): void;
}

const standing = new Set<StandIn>();

process.on("exit", () => {
  for (const standIn of standing) standIn.dispose();
});

/** What go-fuse opens in the mountpoint once it has mounted, and answers itself. */
export const POLL_HACK = ".go-fuse-epoll-hack";

/**
 * Prepares the stand-in for a daemon that has the channel as descriptor `channel`. The mountpoint belongs to the daemon's
 * user and is empty, for fusermount and libfuse 2 refuse others, except for go-fuse's file where `pollHack` says so.
 */
export function prepareStandIn(
  kind: ChannelKind,
  channel: number,
  user: User | null,
  pollHack: boolean,
): StandIn {
  const root = temporaryFolder();
  const folder = join(root, "bin");
  const mountpoint = join(root, "mountpoint");
  const helper = join(folder, "fusermount3");
  const script = join(folder, "hand-over.mjs");
  const hack = join(mountpoint, POLL_HACK);
  mkdirSync(folder);
  mkdirSync(mountpoint);
  const koffi = () => pathToFileURL(createRequire(import.meta.url).resolve("koffi")).href;
  writeFileSync(script, kind === "stream" ? HAND_OVER_STREAM : handOverPackets(koffi()));
  for (const name of new Set(["fusermount3", "fusermount", ...realHelpers().map((path) => basename(path))]))
    writeFileSync(join(folder, name), wrapper(kind, script, channel), { mode: 0o755 });
  // A daemon that runs as another user must get in too.
  for (const path of [root, folder, mountpoint]) chmodSync(path, 0o755);
  if (pollHack) {
    writeFileSync(hack, "");
    chmodSync(hack, 0o644);
  }
  if (user !== null) chownSync(mountpoint, user.uid, user.gid);

  const standIn: StandIn = {
    ...hidingBehind(helper),
    mountpoint,
    folder,
    dispose() {
      standing.delete(standIn);
      if (isMounted(mountpoint)) works("fusermount3", "-u", "-z", mountpoint);
      // Nothing recursive in the mountpoint: if something is mounted there, those files are somebody's.
      rmSync(folder, { recursive: true, force: true });
      const remaining = [() => rmSync(hack), () => rmdirSync(mountpoint), () => rmdirSync(root)];
      for (const remove of remaining) {
        try {
          remove();
        } catch {
          // Mounted, or the daemon left files there.
        }
      }
    },
  };
  standing.add(standIn);
  return standIn;
}
