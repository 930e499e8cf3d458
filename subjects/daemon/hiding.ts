/** Keeps a daemon from mounting in earnest: no real fusermount3 within its reach, and no right to mount. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { User } from "./user.ts";

/** libfuse looks for its helper first where its distribution has it, and only then in PATH. */
const FOLDERS = ["/usr/bin", "/bin", "/usr/local/bin", "/sbin"];

/** Some programs come with a copy of libfuse that has a helper of its own, such as mergerfs-fusermount. */
const HELPER = /^([\w.-]+-)?fusermount3?$/;

/** The helpers that are installed, and what links lead to; each once. */
export const realHelpers = (): readonly string[] => [
  ...new Set(
    FOLDERS.flatMap((folder) =>
      namesIn(folder)
        .filter((name) => HELPER.test(name) && existsSync(join(folder, name)))
        .map((name) => realpathSync(join(folder, name))),
    ),
  ),
];

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const NO_MOUNTING = ["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"];

/** Puts the stand-in over the real helpers, drops the right to mount, and becomes the daemon. */
const HIDE_AND_RUN = `
stand_in=$1; shift
while [ "$1" != -- ]; do mount --bind "$stand_in" "$1" || exit 125; shift; done
shift
exec setpriv ${NO_MOUNTING.join(" ")} "$@"
`;

/** Whether the command ends with status 0. */
export function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface Hiding {
  readonly notes: readonly string[];
  /** Whether `wrap` also starts the daemon as the user. */
  readonly switchesUser: boolean;
  /** The command line that starts the daemon out of reach of the real helpers. */
  wrap(command: readonly string[], user: User | null): readonly string[];
}

/** Where there are mount namespaces for us, the stand-in is put over the real helpers. */
export function hidingBehind(standIn: string): Hiding {
  const isRoot = process.getuid?.() === 0;
  const real = realHelpers();
  const namespace = ["unshare", ...(isRoot ? ["-m"] : ["-U", "-r", "-m"])];
  const [unshare, ...options] = namespace as [string, ...string[]];
  if (works(unshare, ...options, "setpriv", ...NO_MOUNTING, "true"))
    return {
      notes: [],
      switchesUser: true,
      wrap(command, user) {
        const ids = user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
        const script = ["/bin/sh", "-c", HIDE_AND_RUN, "sh", standIn, ...real, "--", ...ids];
        return [...namespace, ...script, ...command];
      },
    };
  // Without a namespace the real helper is found, and must fail: it is set-user-ID root.
  const powerless = ["setpriv", "--no-new-privs", ...(isRoot ? NO_MOUNTING : [])];
  const [setpriv, ...drops] = powerless as [string, ...string[]];
  const can = works(setpriv, ...drops, "true");
  const then = can ? "is not served and ends" : "mounts in earnest";
  const fusermount3 = real.find((path) => path.endsWith("/fusermount3")) ?? real[0];
  return {
    notes:
      fusermount3 === undefined
        ? []
        : [`no mount namespace to hide ${fusermount3} in: a daemon that looks there and not in PATH ${then}`],
    switchesUser: false,
    wrap: (command) => (can ? [...powerless, ...command] : command),
  };
}
