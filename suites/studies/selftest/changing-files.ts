import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, type ManifestFile, manifestToJson, type Profile } from "../../../spec/index.ts";
import { temporaryFolder } from "../../../subjects/process/reaper.ts";
import { defaultManifestOf } from "../../../subjects/reference/default-manifest.ts";
import type { Mutation } from "../../daemon/checks/mutation.ts";

/** A manifest in a file that a daemon follows, and a change of it. */
export interface ChangingFiles {
  readonly path: string;
  readonly mutation: Mutation;
  remove(): void;
}

/** A file of `/data` that is not empty, of simple extents. */
const isPlain = ({ path, map }: ManifestFile) =>
  path.startsWith("/data/") && path.lastIndexOf("/") === 5 && map.extType === "simple" && map.fileSize > 0n;

/**
 * The second manifest: of three plain files one is gone, one lies where it was, one has half of its size; and a new one
 * lies where the second was.
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

/** Puts both manifests into a folder of their own. */
export function changingFiles(profile: Profile): ChangingFiles {
  const folder = temporaryFolder();
  const [path, after] = [join(folder, "manifest.json"), join(folder, "after.json")];
  const first = defaultManifestOf(profile);
  const second = changed(first);
  writeFileSync(path, JSON.stringify(manifestToJson(first)));
  writeFileSync(after, JSON.stringify(manifestToJson(second)));
  return {
    path,
    // Copies without cp(1), which a machine with a bare PATH has not.
    mutation: {
      command: `'${process.execPath}' -e 'fs.copyFileSync(process.argv[1], process.argv[2])' '${after}' '${path}'`,
      after: second,
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
