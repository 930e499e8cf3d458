import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { notTested } from "../../test/tools.ts";
import { MAIN } from "./process.ts";

/** How a file system is mounted that only the test sees: as root of a user namespace of one's own, or as root. */
const WAYS = [["-Urm"], ["-m"]];

const wayIn = (): readonly string[] | undefined =>
  WAYS.find((way) => spawnSync("unshare", [...way, "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0);

/** Whether either way is open. In CI one has to be; elsewhere the tests are skipped. */
export const mountsDisks = (): boolean =>
  wayIn() !== undefined ||
  notTested("no file system can be mounted here", "run as root, or allow user namespaces");

export interface OnDisk {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the compiled program with a file system of so many KiB mounted on the folder. `before` are shell commands between the
 * mount and the run, with the folder as $DISK. What the disk holds at the end is copied to the folder of the name with `.copy`.
 */
export function onSmallDisk(folder: string, kib: number, before: string, args: readonly string[]): OnDisk {
  mkdirSync(folder, { recursive: true });
  const script = `mount -t tmpfs -o size=${kib}k none "$DISK" || exit 99
${before}
"$@"; status=$?
cp -r "$DISK" "$DISK.copy"
exit $status`;
  const { status, stdout, stderr } = spawnSync(
    "unshare",
    [...(wayIn() ?? []), "sh", "-c", script, "sh", process.execPath, MAIN, ...args],
    { encoding: "utf8", env: { ...process.env, DISK: folder, CI: "true", FORCE_COLOR: "0" } },
  );
  return { status, stdout, stderr };
}
