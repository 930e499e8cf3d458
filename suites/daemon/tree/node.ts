import { isDirectory, isRegular, isSymlink } from "../kernel.ts";

/** A file, directory or symlink of the daemon's tree: one for each nodeid. */
export interface TreeNode {
  readonly path: string;
  readonly name: string;
  /** As the start of the daemon has it that was asked last. */
  parent: bigint;
  nodeid: bigint;
  readonly generation: bigint;
  readonly mode: number;
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Bytes, as LOOKUP and as GETATTR give them; null: GETATTR failed. */
  readonly lookupSize: bigint;
  readonly attrSize: bigint | null;
  /** Paths of the further names of the nodeid: hard links. */
  readonly otherPaths: string[];
}

/** What a file of this mode is. */
export function kindOf(mode: number): TreeNode["kind"] {
  if (isRegular(mode)) return "file";
  if (isDirectory(mode)) return "directory";
  return isSymlink(mode) ? "symlink" : "other";
}
