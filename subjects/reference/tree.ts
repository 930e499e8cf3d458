import { type Fmap, type Manifest, ROOT_NODEID } from "../../spec/index.ts";

interface Head {
  /** Number of the inode: the order of the manifest, so that a restarted daemon gives the same ones. */
  readonly ino: bigint;
  /** From the root on. */
  readonly path: string;
  /** Bytes of the last part of the path. */
  readonly name: Uint8Array;
  /** The root is its own. */
  readonly parent: DirectoryNode;
}

export class DirectoryNode implements Head {
  readonly kind = "directory";
  readonly ino: bigint;
  readonly path: string;
  readonly name: Uint8Array;
  readonly parent: DirectoryNode;
  readonly children: TreeNode[] = [];
  /** Children by `nameKey` of their name. */
  readonly byName = new Map<string, TreeNode>();
  /** How many of the children are directories. */
  subdirectories = 0;

  constructor({ ino, path, name, parent }: Omit<Head, "parent"> & { parent?: DirectoryNode }) {
    this.ino = ino;
    this.path = path;
    this.name = name;
    this.parent = parent ?? this;
  }
}

export interface FileNode extends Head {
  readonly kind: "file";
  readonly map: Fmap;
}

export interface SymlinkNode extends Head {
  readonly kind: "symlink";
  readonly target: Uint8Array;
}

export type TreeNode = DirectoryNode | FileNode | SymlinkNode;

export interface Tree {
  readonly root: DirectoryNode;
  /** Every node by its ino, the root at 1. */
  readonly nodes: ReadonlyMap<bigint, TreeNode>;
  readonly files: readonly FileNode[];
  readonly symlinks: readonly SymlinkNode[];
}

/** Names are bytes on the wire; as a key each byte is one character. */
export const nameKey = (name: Uint8Array): string =>
  Buffer.from(name.buffer, name.byteOffset, name.length).toString("latin1");

/** The number of the next inode, after so many: for a tree that grows at once it is the order of the manifest. */
export type Numbering = (path: string, kind: TreeNode["kind"], before: number) => bigint;

const inOrder: Numbering = (_path, _kind, before) => BigInt(before + 1);

/** The tree of a manifest without problems. */
export function growTree(manifest: Manifest, numbered: Numbering = inOrder): Tree {
  const root = new DirectoryNode({ ino: ROOT_NODEID, path: "/", name: new Uint8Array(0) });
  const nodes = new Map<bigint, TreeNode>([[root.ino, root]]);
  const directories = new Map<string, DirectoryNode>([["", root]]);

  const hang = <N extends TreeNode>(path: string, kind: N["kind"], make: (head: Head) => N): N => {
    const end = path.lastIndexOf("/");
    const parent = directoryAt(path.slice(0, end));
    const name = Buffer.from(path.slice(end + 1));
    const node = make({ ino: numbered(path, kind, nodes.size), path, name, parent });
    nodes.set(node.ino, node);
    parent.children.push(node);
    parent.byName.set(nameKey(name), node);
    if (node.kind === "directory") parent.subdirectories++;
    return node;
  };
  const directoryAt = (path: string): DirectoryNode => {
    let directory = directories.get(path);
    if (directory === undefined) {
      directory = hang(path, "directory", (head) => new DirectoryNode(head));
      directories.set(path, directory);
    }
    return directory;
  };

  const files = manifest.files.map(({ path, map }) =>
    hang(path, "file", (head): FileNode => ({ kind: "file", ...head, map })),
  );
  const symlinks = manifest.symlinks.map(({ path, target }) =>
    hang(path, "symlink", (head): SymlinkNode => ({ kind: "symlink", ...head, target: Buffer.from(target) })),
  );
  for (const path of manifest.directories) directoryAt(path);
  return { root, nodes, files, symlinks };
}
