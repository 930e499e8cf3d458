import { attrOut, bytesOf, entryOut, MODE } from "../../spec/index.ts";
import type { Session } from "./session.ts";
import type { TreeNode } from "./tree.ts";

/** Seconds for which the kernel may rely on names and attributes: nothing here ever changes. */
const VALID = 3600n;
/** Bytes of a block of st_blocks. */
const BLOCK = 512n;

const MODES = {
  directory: MODE.directory | 0o755,
  file: MODE.regular | 0o644,
  symlink: MODE.symlink | 0o777,
};

export const modeOf = (node: TreeNode): number => MODES[node.kind];

function sizeOf(node: TreeNode): bigint {
  if (node.kind === "file") return node.map.fileSize;
  return node.kind === "symlink" ? BigInt(node.target.length) : 4096n;
}

/** A directory is named by its parent, by itself and by each directory in it. */
const linksOf = (node: TreeNode): number => (node.kind === "directory" ? 2 + node.subdirectories : 1);

function attributes(node: TreeNode) {
  const size = sizeOf(node);
  return {
    ino: node.ino,
    size,
    blocks: (size + BLOCK - 1n) / BLOCK,
    mode: modeOf(node),
    nlink: linksOf(node),
    blksize: 4096,
  };
}

/** struct fuse_attr_out of a node. */
export const attrOf = (node: TreeNode): Uint8Array =>
  bytesOf(attrOut, { attr_valid: VALID, ...attributes(node) });

/** struct fuse_entry_out of a node; counts the lookup that the kernel makes of it. */
export const entryOf = (session: Session, node: TreeNode): Uint8Array =>
  bytesOf(entryOut, {
    nodeid: session.lookups.take(node),
    entry_valid: VALID,
    attr_valid: VALID,
    ...attributes(node),
  });
