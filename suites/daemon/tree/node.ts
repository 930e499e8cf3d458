import { isDirectory, isRegular, isSymlink } from "../kernel.ts";

/** A file, directory or symlink of the daemon's tree. */
export interface TreeNode {
  readonly path: string;
  readonly name: string;
  /** As the start of the daemon has it that was asked last. */
  parent: bigint;
  nodeid: bigint;
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Bytes, as LOOKUP and as GETATTR say; null: GETATTR failed. */
  readonly lookupSize: bigint;
  readonly attrSize: bigint | null;
}

/** What a file of this mode is. */
export function kindOf(mode: number): TreeNode["kind"] {
  if (isRegular(mode)) return "file";
  if (isDirectory(mode)) return "directory";
  return isSymlink(mode) ? "symlink" : "other";
}
