import { encodeFmap, fmapHeader, type Manifest, type Profile, ROOT_NODEID } from "../../spec/index.ts";
import { Lookups } from "./lookups.ts";
import { type FileNode, growTree, type Tree } from "./tree.ts";

const FMAP_SIZE = fmapHeader.offsetOf("reserved0");

/** All that the daemon knows of one connection. */
export class Session {
  readonly profile: Profile;
  manifest: Manifest;
  tree: Tree;
  readonly lookups: Lookups;
  /** The largest number that an inode has had. */
  private last: bigint = ROOT_NODEID;
  /** INIT was answered. */
  started = false;
  /** DESTROY was answered. */
  ended = false;
  /** GET_FMAP and GET_DAXDEV were agreed on in INIT. */
  fmapAgreed = false;

  constructor(profile: Profile, manifest: Manifest) {
    this.profile = profile;
    this.manifest = manifest;
    this.tree = growTree(manifest);
    this.lookups = new Lookups(this.tree);
  }

  /** Serves another manifest from now on. */
  follow(manifest: Manifest): void {
    this.manifest = manifest;
    const numbers = new Map(
      [...this.tree.nodes.values()].map(({ kind, path, ino }) => [`${kind} ${path}`, ino]),
    );
    for (const ino of numbers.values()) if (ino > this.last) this.last = ino;
    this.tree = growTree(manifest, (path, kind) => numbers.get(`${kind} ${path}`) ?? this.nextIno(path));
    this.lookups.follow(this.tree);
  }

  /** The number of an inode that was not there before: none that another one has had. */
  nextIno(_path: string): bigint {
    return ++this.last;
  }

  /** The GET_FMAP message of a file. */
  message(file: FileNode): Uint8Array {
    const message = encodeFmap(file.map);
    if (this.profile.fmapSizeField) new DataView(message.buffer).setUint32(FMAP_SIZE, message.length, true);
    return message;
  }
}
