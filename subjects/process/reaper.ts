import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

const RUN = randomUUID().replaceAll("-", "_");

/** Every process that we start carries this variable, and whatever it starts. The name is ours alone: a run within a run keeps both. */
export const MARK = `FMAPSPEC_RUN_${RUN}`;

/** How the paths of our temporary folders begin. */
export const TEMPORARY = join(tmpdir(), `fmapspec-${RUN}-`);

/**
 * Waits for the end of its input, which is ours, and kills who carries the mark, and removes our temporary folders. Some rounds of it: a process may be on its
 * way from us to its program, or may be starting another one.
 */
const SCRIPT = `
read -r _
for round in 1 2 3 4 5; do
  for file in $(grep -la "$1" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" 2>/dev/null
  done
  sleep 0.1
done
rm -rf -- "$2"*
`;

let reaper: ChildProcess | null = null;

/** From now on nothing that we start outlives us, not even after SIGKILL. Where there is no /proc or no shell, it may. */
export function outliveNothing(): void {
  if (reaper !== null) return;
  // Out of reach of what a terminal sends us.
  reaper = spawn("/bin/sh", ["-c", SCRIPT, "fmapspec-reaper", MARK, TEMPORARY], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  reaper.on("error", () => {});
  reaper.stdin?.on("error", () => {});
  reaper.unref();
  (reaper.stdin as unknown as { unref?(): void } | null)?.unref?.();
}

// Who comes to an end in good order has ended what it started.
process.on("exit", () => reaper?.kill("SIGKILL"));
