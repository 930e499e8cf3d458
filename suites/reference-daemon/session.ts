import { encodeFmap, fmapHeader, type Manifest, type Profile } from "../../spec/index.ts";
import { Lookups } from "./lookups.ts";
import { type FileNode, growTree, type Tree } from "./tree.ts";

const FMAP_SIZE = fmapHeader.offsetOf("reserved0");

/** All that the daemon knows of one connection. */
export class Session {
  readonly profile: Profile;
  readonly manifest: Manifest;
  readonly tree: Tree;
  readonly lookups: Lookups;
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

  /** The GET_FMAP message of a file. */
  message(file: FileNode): Uint8Array {
    const message = encodeFmap(file.map);
    if (this.profile.fmapSizeField) new DataView(message.buffer).setUint32(FMAP_SIZE, message.length, true);
    return message;
  }
}
