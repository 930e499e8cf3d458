import { readFileSync, statSync } from "node:fs";
import { checkedManifest } from "../../base/checked-manifest.ts";
import type { Manifest } from "../../spec/index.ts";

/** What tells one content of a file from another without reading it; null: there is no file now. */
function stateOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.ino} ${found.mtimeNs} ${found.size}`;
}

/**
 * Reads a manifest again when its file has changed: a function that gives the new one once, and null as long as nothing
 * has changed. What is no manifest, as in the middle of a write, is not served.
 */
export function following(path: string): () => Manifest | null {
  let known = stateOf(path);
  return () => {
    const now = stateOf(path);
    if (now === null || now === known) return null;
    try {
      const manifest = checkedManifest(JSON.parse(readFileSync(path, "utf8")), path);
      known = now;
      return manifest;
    } catch {
      return null;
    }
  };
}
