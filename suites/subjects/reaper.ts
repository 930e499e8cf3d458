import { type ChildProcess, spawn } from "node:child_process";

/**
 * Kills the process groups that it was told of when its input ends, which is when we do, whatever way: nothing of ours runs
 * after SIGKILL. The shell reads a line for each group that begins or has ended.
 */
const SCRIPT = `
live=
while read -r sign pid; do
  rest=
  for p in $live; do [ "$p" = "$pid" ] || rest="$rest $p"; done
  case $sign in +) live="$rest $pid" ;; *) live=$rest ;; esac
done
for p in $live; do kill -9 -- "-$p" 2>/dev/null; done
`;

let reaper: ChildProcess | null = null;

/** One for the whole process, out of reach of what a terminal sends us. */
function started(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  // Without a shell, or when somebody ends it, subjects are left behind after SIGKILL and nothing else is lost.
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  child.unref();
  (child.stdin as unknown as { unref?(): void } | null)?.unref?.();
  return child;
}

/** The group of this pid is to be killed when we are. */
export function watch(pid: number): void {
  reaper ??= started();
  reaper.stdin?.write(`+ ${pid}\n`);
}

/** The group of this pid is gone. */
export function unwatch(pid: number): void {
  reaper?.stdin?.write(`- ${pid}\n`);
}
