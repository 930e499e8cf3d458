import type { RuleId } from "../../spec/index.ts";

/** What a daemon is judged by: all that a famfs daemon owes, or what every FUSE daemon owes the kernel. */
export const SCOPES = ["famfs", "fuse"] as const;
export type DaemonScope = (typeof SCOPES)[number];

/** How the ids of the rules begin that only a daemon of famfs can keep or break. */
export const FAMFS = [
  "daemon/fmap/",
  "daemon/daxdev/",
  "daemon/intent/",
  "daemon/change/",
  "daemon/init/fmap-",
  "daemon/init/newer-kernel",
  "robustness/fmap-",
];

/** Whether the scope has the rule. */
export const isInScope = (id: RuleId, scope: DaemonScope): boolean =>
  scope === "famfs" || !FAMFS.some((prefix) => id.startsWith(prefix));

/** Why a rule beyond the scope is not applicable. */
export const BEYOND_SCOPE = "--scope fuse: only what every FUSE daemon owes the kernel is judged";
