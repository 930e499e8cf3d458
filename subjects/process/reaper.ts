import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const RUN = randomUUID().replaceAll("-", "_");

/** All processes that we start inherit this variable. The name is unique, so that a run inside a run has both. */
export const MARK = `FMAPSPEC_RUN_${RUN}`;

const FOLDER = `fmapspec-${RUN}-`;

/**
 * Waits for the end of its input, which is ours. Then it unmounts what is mounted in our temporary folders (forced: a
 * process that waits for an answer keeps the connection alive), kills what carries the mark, and removes the folders,
 * but nothing in what is still mounted. It kills in rounds, since a process may be on its way from us to its program, or
 * may be starting another one.
 */
const SCRIPT = `
read -r _
for place in $(grep -o " [^ ]*/\${2##*/}[^ ]*" /proc/mounts 2>/dev/null); do
  umount -f -l "$place" || fusermount3 -u -z "$place"
done
for round in 1 2 3 4 5; do
  for file in $(grep -la "$1" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" 2>/dev/null
  done
  sleep 0.1
done
grep -q "/\${2##*/}" /proc/mounts 2>/dev/null || rm -rf -- "$2"*
`;

let reaper: ChildProcess | null = null;

/** From now on nothing that we start outlives us, not even after SIGKILL. Where there is no /proc or no shell, it may. */
function outliveNothing(): void {
  if (reaper !== null) return;
  // Out of reach of what a terminal sends us.
  reaper = spawn("/bin/sh", ["-c", SCRIPT, "fmapspec-reaper", MARK, join(tmpdir(), FOLDER)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  reaper.on("error", () => {});
  reaper.stdin?.on("error", () => {});
  reaper.unref();
  (reaper.stdin as unknown as { unref?(): void } | null)?.unref?.();
}

/** A new folder, which the reaper removes if we do not. */
export function temporaryFolder(): string {
  outliveNothing();
  return mkdtempSync(join(tmpdir(), FOLDER));
}

const foldersRemain = () => {
  try {
    return readdirSync(tmpdir()).some((name) => name.startsWith(FOLDER));
  } catch {
    return true;
  }
};

// A process that ends in good order has ended what it started, and removed its folders.
process.on("exit", () => {
  if (reaper !== null && !foldersRemain()) reaper.kill("SIGKILL");
});
