import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, type ManifestFile, manifestToJson, type Profile } from "../../../spec/index.ts";
import { temporaryFolder } from "../../../subjects/process/reaper.ts";
import { defaultManifestOf } from "../../../subjects/reference/default-manifest.ts";
import type { Mutation } from "../../daemon/checks/mutation.ts";

/** A manifest file that a daemon follows, and a command that changes it. */
export interface ChangingFiles {
  readonly path: string;
  readonly mutation: Mutation;
  remove(): void;
}

/** A file of `/data` that is not empty, of simple extents. */
const isPlain = ({ path, map }: ManifestFile) =>
  path.startsWith("/data/") && path.lastIndexOf("/") === 5 && map.extType === "simple" && map.fileSize > 0n;

/**
 * The second manifest: of three plain files one is removed, one moves to the memory of the first, one has half of its size.
 * A new file gets the former memory of the second.
 */
function changed(manifest: Manifest): Manifest {
  const [gone, moved, halved] = manifest.files.filter(isPlain);
  if (gone === undefined || moved === undefined || halved === undefined)
    throw new Error("the manifest has no three plain files in /data");
  const files = manifest.files.flatMap((file): ManifestFile[] => {
    if (file === gone) return [];
    if (file === moved) return [{ ...file, map: { ...gone.map, fileSize: file.map.fileSize } }];
    return [file === halved ? { ...file, map: { ...file.map, fileSize: file.map.fileSize / 2n } } : file];
  });
  return { ...manifest, files: [...files, { path: "/data/new", map: moved.map }] };
}

/** Writes both manifests into a temporary folder. */
export function changingFiles(profile: Profile): ChangingFiles {
  const folder = temporaryFolder();
  const [path, after] = [join(folder, "manifest.json"), join(folder, "after.json")];
  const first = defaultManifestOf(profile);
  const second = changed(first);
  writeFileSync(path, JSON.stringify(manifestToJson(first)));
  writeFileSync(after, JSON.stringify(manifestToJson(second)));
  return {
    path,
    // Not cp(1), because a machine with a minimal PATH lacks it.
    mutation: {
      command: `'${process.execPath}' -e 'fs.copyFileSync(process.argv[1], process.argv[2])' '${after}' '${path}'`,
      after: second,
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
