import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../base/cache-folder.ts";
import { run } from "../process/run-program.ts";

/** Milliseconds after which what nobody used is removed. */
const KEPT = 7 * 24 * 60 * 60 * 1000;

const folderOfAll = () => join(cacheFolder(), "harness");

/** Where what was compiled of all these texts is kept. They have to be all that it depends on. */
export const cacheEntry = (...texts: readonly string[]): string =>
  join(folderOfAll(), createHash("sha256").update(JSON.stringify(texts)).digest("hex"));

/** Copies what was kept into a folder; false: nothing was. */
export async function restore(entry: string, folder: string): Promise<boolean> {
  const now = new Date();
  const isThere = await utimes(entry, now, now).then(
    () => true,
    () => false,
  );
  // By cp(1): a program that this process writes cannot be started while a child has its descriptor for a moment.
  return isThere && (await run(["cp", "-R", `${entry}/.`, folder])).status === 0;
}

/** Keeps files of a folder. Without room or rights nothing is kept; nobody ever finds half of an entry. */
export async function keep(entry: string, folder: string, names: readonly string[]): Promise<void> {
  const half = `${entry}.${randomUUID()}`;
  try {
    await mkdir(half, { recursive: true, mode: 0o700 });
    const copied = await run(["cp", ...names, half], folder);
    if (copied.status === 0) await rename(half, entry);
    await removeUnused();
  } catch {
    // Another process kept the same meanwhile, or this one may not write there.
  }
  await rm(half, { recursive: true, force: true }).catch(() => {});
}

async function removeUnused(): Promise<void> {
  const all = folderOfAll();
  for (const name of await readdir(all)) {
    const path = join(all, name);
    if ((await stat(path)).mtimeMs < Date.now() - KEPT) await rm(path, { recursive: true, force: true });
  }
}
