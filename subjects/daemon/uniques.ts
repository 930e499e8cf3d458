/** FUSE_INT_REQ_BIT: set in the unique of an INTERRUPT, clear in the request that it is about. */
export const INTERRUPT_BIT = 1n;

/** What became of a unique that nothing waits for any more. */
export type Fate = "answered" | "silent" | "unanswerable" | "interrupt";

/** Uniques remembered at least; a reply to one of an earlier request counts as a second answer. */
const MEMORY = 8192;

/** Numbers requests as the kernel does, by two and never twice, and knows what became of them. */
export class Uniques {
  private last = 0n;
  private young = new Map<bigint, Fate>();
  private old = new Map<bigint, Fate>();

  next(): bigint {
    this.last += 2n;
    return this.last;
  }

  remember(unique: bigint, fate: Fate): void {
    // That one of ours was answered is what is assumed: to keep it in mind for each costs a fifth of the speed.
    if (fate === "answered" && this.isOurs(unique) && this.exceptional(unique) === undefined) return;
    // Two generations: forgetting costs nothing, and memory stays flat.
    if (this.young.size >= MEMORY) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(unique, fate);
  }

  /** Undefined: nobody asked with it. */
  fateOf(unique: bigint): Fate | undefined {
    return this.exceptional(unique) ?? (this.isOurs(unique) ? "answered" : undefined);
  }

  private exceptional(unique: bigint): Fate | undefined {
    return this.young.get(unique) ?? this.old.get(unique);
  }

  private isOurs(unique: bigint): boolean {
    return unique > 0n && unique <= this.last && (unique & 1n) === 0n;
  }
}
