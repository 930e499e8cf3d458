import { type Manifest, ROOT_NODEID } from "../../../spec/index.ts";
import type { ServedFile, Unmapped } from "../checks/map-checks.ts";
import { windowed } from "../checks/windowed.ts";
import type { Kernel } from "../kernel.ts";
import type { DeadlyRequests } from "../starts/deadly-requests.ts";
import type { TreeNode } from "../tree/node.ts";

/** What a run has found of a daemon's tree, whichever of its starts showed it. */
export class Found {
  /** Folders stand before what is in them. */
  nodes: TreeNode[] = [];
  /** Files whose map the kernel would hold. */
  served: ServedFile[] = [];
  /** Files whose map it would not hold. */
  unmapped: Unmapped[] = [];
  /** The daxdev of each index that a map uses. */
  daxdevs: ReadonlyMap<bigint, string> = new Map();
  /** Paths of the files that were asked for a map. */
  readonly asked = new Set<string>();
  /** Whether all of the tree was walked. */
  walked = false;
  /** Whether READDIRPLUS counts as a lookup for this daemon, as it has to. */
  plusCounts = true;

  get files(): TreeNode[] {
    return this.nodes.filter((n) => n.kind === "file");
  }

  /** Looks everything up in a fresh start; returns the paths that are not there any more, and knows them no longer. */
  async refind(kernel: Kernel): Promise<string[]> {
    const folders = new Map<string, bigint>([["", ROOT_NODEID]]);
    const lost = new Set<TreeNode>();
    for (const level of this.levels())
      await windowed(level, async (node) => {
        const parent = folders.get(node.path.slice(0, -node.name.length - 1));
        const entry = parent === undefined ? null : await kernel.lookup(parent, node.name);
        if (parent === undefined || entry === null || !("value" in entry)) {
          lost.add(node);
          return;
        }
        node.parent = parent;
        node.nodeid = entry.value.nodeid;
        if (node.kind === "directory") folders.set(node.path, node.nodeid);
      });
    this.nodes = this.nodes.filter((n) => !lost.has(n));
    this.served = this.served.filter((f) => !lost.has(f.node));
    return [...lost].map((n) => n.path);
  }

  /** The manifest without the files that nobody could look at, as the daemon does not live that long. */
  within(expect: Manifest, deadly: DeadlyRequests): Manifest {
    const known = new Set(this.nodes.map((n) => n.path));
    const served = new Set(this.served.map((f) => f.node.path));
    const looked = (path: string) =>
      served.has(path) ||
      (!above(path).some((p) => deadly.barsPath(p)) &&
        (known.has(path) ? this.asked.has(path) : this.walked));
    return { ...expect, files: expect.files.filter((f) => looked(f.path)) };
  }

  private levels(): TreeNode[][] {
    const levels: TreeNode[][] = [];
    for (const node of this.nodes) {
      const depth = node.path.split("/").length;
      levels[depth] ??= [];
      levels[depth].push(node);
    }
    return levels.filter((level) => level !== undefined);
  }
}

/** The path, and those of the folders that it lies in. */
const above = (path: string): string[] => {
  const parts = path.split("/").slice(1);
  return ["/", ...parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`)];
};
