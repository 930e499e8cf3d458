import type { Asker } from "../checks/negotiation.ts";
import type { Start } from "../starts/starts.ts";

/** One thing that a run does with a daemon, in the way that it is done again after the daemon died meanwhile. */
export interface Step {
  /** What it checks, for the list of what was not checked. */
  readonly name: string;
  /** Beginnings of the ids of the rules that it checks. */
  readonly checks: readonly string[];
  /** Whether steps behind it build on what it finds: then it is done whatever is asked for. */
  readonly basic?: true;
  /** Whether it looks for the tree itself; for others the nodes are looked up again in each start. */
  readonly walks?: true;
  /** Whether it asks what no kernel asks: what comes of it is robustness. */
  readonly hostile?: true;
  /** As which kernel INIT is sent, on a start of its own; missing: on the start that is there. */
  readonly asker?: Asker;
  work(start: Start): Promise<void>;
}
