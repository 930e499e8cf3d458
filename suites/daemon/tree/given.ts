import { ROOT_NODEID } from "../../../spec/index.ts";
import type { Kernel } from "../kernel.ts";
import { refusedAttributes } from "./compare.ts";
import type { Listed } from "./page.ts";

/** Lookups that READDIRPLUS stands for: one for each nodeid that it gives, but for `.`, `..` and what the kernel refuses. */
export class Given {
  private readonly kernel: Kernel;
  private readonly times = new Map<bigint, bigint>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Counts the entries of a page of that directory. */
  take(directory: bigint, entries: readonly Listed[]): void {
    for (const { name, entry } of entries) {
      if (entry === null || name === "." || name === "..") continue;
      if (entry.nodeid === ROOT_NODEID || refusedAttributes(entry) !== null) continue;
      this.kernel.counted(directory, name, entry);
      this.times.set(entry.nodeid, (this.times.get(entry.nodeid) ?? 0n) + 1n);
    }
  }

  /** Forgets them all; `counts`: whether the daemon has counted them, too. */
  giveBack(counts: boolean): void {
    for (const [nodeid, times] of this.times)
      if (counts) this.kernel.forget(nodeid, times);
      else this.kernel.uncounted(nodeid, times);
    this.times.clear();
  }
}
