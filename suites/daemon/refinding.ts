import { ROOT_NODEID } from "../../spec/index.ts";
import type { Entry, Kernel } from "./kernel.ts";

/** Looks paths up in a freshly started daemon, each folder once. */
export class Refinding {
  private readonly kernel: Kernel;
  private readonly folders = new Map<string, bigint>([["", ROOT_NODEID]]);

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** The nodeid of a path such as `/a/b`, looked up once; null: it is not there. */
  async nodeid(path: string): Promise<bigint | null> {
    const parent = await this.parent(path);
    return parent === null ? null : this.look(parent, path);
  }

  /** What LOOKUP of a path says; null: it is not there. */
  async entry(path: string): Promise<Entry | null> {
    const parent = await this.parent(path);
    return parent === null ? null : this.lookup(parent, path);
  }

  /** The nodeid of the folder that a path lies in; null: it is not there. */
  async parent(path: string): Promise<bigint | null> {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const above = await this.parent(folder);
    const nodeid = above === null ? null : await this.look(above, folder);
    if (nodeid !== null) this.folders.set(folder, nodeid);
    return nodeid;
  }

  private async look(parent: bigint, path: string): Promise<bigint | null> {
    return (await this.lookup(parent, path))?.nodeid ?? null;
  }

  private async lookup(parent: bigint, path: string): Promise<Entry | null> {
    const entry = await this.kernel.lookup(parent, path.slice(path.lastIndexOf("/") + 1));
    return "value" in entry ? entry.value : null;
  }
}
