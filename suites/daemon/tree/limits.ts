/** How far a walk goes: a daemon can make up names without end. */
export interface Limits {
  /** Nodes of the tree. */
  readonly nodes: number;
  /** Directories that lie in each other. */
  readonly depth: number;
  /** Names of one directory. */
  readonly names: number;
  /** Bytes of all pages of directories together. */
  readonly bytes: number;
}

/** So much fits into 300 MiB of heap. */
export const LIMITS: Limits = { nodes: 250_000, depth: 512, names: 250_000, bytes: 1 << 30 };
