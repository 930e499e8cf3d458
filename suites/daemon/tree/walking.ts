import type { Entry, Kernel } from "../kernel.ts";
import type { DirectoryReader } from "./listing.ts";

/** What the walk of a tree shares with the walk of each of its directories. */
export interface Walking {
  readonly kernel: Kernel;
  readonly reader: DirectoryReader;
  /** Bytes of a name, as STATFS gives them; 0: it does not. */
  readonly nameMax: number;
  /** Whether READDIRPLUS counts as a lookup for this daemon, as it has to. */
  plusCounts: boolean;
  /** Notes what is not walked. */
  leave(path: string, why: string): void;
  /** Whether another LOOKUP of the name gives what it gave. */
  unchanged(parent: bigint, name: string, entry: Entry): Promise<boolean>;
}
