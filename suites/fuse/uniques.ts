/** FUSE_INT_REQ_BIT: set in the unique of an INTERRUPT, clear in the request that it is about. */
export const INTERRUPT_BIT = 1n;

/** What became of a unique that nothing waits for any more. */
export type Fate = "answered" | "silent" | "unanswerable" | "interrupt";

/** Uniques remembered, at least; a reply that comes later than so many others is told as unknown. */
const MEMORY = 8192;

/** Numbers requests as the kernel does, by two and never twice, and remembers what became of the latest. */
export class Uniques {
  private last = 0n;
  private young = new Map<bigint, Fate>();
  private old = new Map<bigint, Fate>();

  next(): bigint {
    this.last += 2n;
    return this.last;
  }

  remember(unique: bigint, fate: Fate): void {
    // Two generations: forgetting costs nothing, and memory stays flat.
    if (this.young.size >= MEMORY) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(unique, fate);
  }

  fateOf(unique: bigint): Fate | undefined {
    return this.young.get(unique) ?? this.old.get(unique);
  }
}
