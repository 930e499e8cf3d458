import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { counted } from "../../base/counted.ts";
import { UsageError } from "../../base/errors.ts";
import { readSeries } from "./patch/series.ts";
import { inOrder, type KernelSource } from "./source.ts";

const EXPECTED = "expected a kernel tree, a famfs.c, or a patch, mail or mbox that adds one";

/**
 * Reads a GET_FMAP parser from a kernel tree, a folder with a famfs.c, a C file, a patch, a mail or an mbox.
 * Throws UsageError with the reason for everything else.
 */
export async function readKernelSource(path: string): Promise<KernelSource> {
  const found = await stat(path).catch(fail(path));
  if (found.isDirectory()) return readFolder(resolve(path));
  const bytes = await readBytes(path);
  if (path.endsWith(".c")) return readCFile(resolve(path));
  const texts = await readSeries(bytes, path);
  if (!texts) throw new UsageError(`${path} has no patch in it: ${EXPECTED}`);
  return texts;
}

const fail = (path: string) => (error: NodeJS.ErrnoException) => {
  throw new UsageError(`${path} cannot be read (${error.code ?? error.message}): ${EXPECTED}`);
};

/** The bytes of a text file; unpacks gzip, as mail archives use it. */
async function readBytes(path: string): Promise<Uint8Array> {
  const stored = await readFile(path).catch(fail(path));
  const bytes = stored[0] === 0x1f && stored[1] === 0x8b ? unpacked(path, stored) : stored;
  if (bytes.length === 0) throw new UsageError(`${path} is empty: ${EXPECTED}`);
  if (bytes.includes(0)) throw new UsageError(`${path} is a binary file: ${EXPECTED}`);
  return bytes;
}

function unpacked(path: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UsageError(`${path} is a damaged gzip file (${(error as Error).message})`);
  }
}

async function readFolder(folder: string): Promise<KernelSource> {
  for (const path of [join(folder, "fs/fuse/famfs.c"), join(folder, "famfs.c")])
    if (await isFile(path)) return readCFile(path);
  throw new UsageError(`${folder} has neither fs/fuse/famfs.c nor famfs.c: ${EXPECTED}`);
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** A C file, the headers beside it, and the UAPI header if it is in a kernel tree. */
async function readCFile(path: string): Promise<KernelSource> {
  const folder = dirname(path);
  const headers = (await readdir(folder))
    .filter((name) => name.endsWith(".h"))
    .map((name) => join(folder, name));
  const uapi = join(folder, "../../include/uapi/linux/fuse.h");
  const isTree = folder.endsWith("/fs/fuse") && (await isFile(uapi));
  const paths = [...(isTree ? [uapi] : []), ...headers, path];
  const texts = await Promise.all(
    paths.map(async (name) => {
      const text = await readFile(name, "utf8").catch(fail(name));
      return { file: basename(name), line: 1, text: text.replaceAll("\r\n", "\n") };
    }),
  );
  const form = isTree ? "kernel tree" : "C source";
  return { origin: `${basename(path)} (${form}, ${counted(paths.length, "file")})`, texts: inOrder(texts) };
}
