/** Finds why a manifest that fits its schema cannot be served: each problem is `/json/pointer: sentence`. */
import { isInterleavedJson, type ManifestFileJson, type ManifestJson } from "./manifest.ts";

const NAME_MAX = 255;
/** PATH_MAX, its NUL included. */
const TARGET_MAX = 4095;
/** fuse_daxdev_out.name, its NUL included. */
const DAXDEV_NAME_MAX = 255;
const U32_MAX = 0xffff_ffffn;

const utf8 = new TextEncoder();
const bytes = (text: string) => utf8.encode(text).length;

/** Why a string cannot be written on the wire; null: it can. */
function unwritable(text: string): string | null {
  if (text.includes("\0")) return "holds a NUL";
  if (/\p{Surrogate}/u.test(text)) return "holds half a surrogate pair, which UTF-8 cannot say";
  return null;
}

function pathProblem(path: string): string | null {
  const quoted = JSON.stringify(path);
  const wrong = unwritable(path);
  if (wrong !== null) return `${quoted} ${wrong}`;
  if (!path.startsWith("/")) return `${quoted} is not absolute`;
  if (path === "/") return "the root is always there, and always a directory";
  for (const name of path.slice(1).split("/")) {
    if (name === "" || name === "." || name === "..")
      return `${quoted} is not normal: it has the part '${name}'`;
    if (bytes(name) > NAME_MAX)
      return `${quoted} has a name of ${bytes(name)} bytes, more than the ${NAME_MAX} that fit`;
  }
  return null;
}

interface Place {
  readonly pointer: string;
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
}

const placesOf = (m: ManifestJson): Place[] => [
  ...m.files.map(({ path }, i) => ({ pointer: `/files/${i}/path`, path, kind: "file" as const })),
  ...(m.directories ?? []).map((path, i) => ({
    pointer: `/directories/${i}`,
    path,
    kind: "directory" as const,
  })),
  ...(m.symlinks ?? []).map(({ path }, i) => ({
    pointer: `/symlinks/${i}/path`,
    path,
    kind: "symlink" as const,
  })),
];

function* treeProblems(m: ManifestJson): Generator<string> {
  const byPath = new Map<string, Place>();
  const places: Place[] = [];
  for (const place of placesOf(m)) {
    const wrong = pathProblem(place.path);
    const other = byPath.get(place.path);
    if (wrong !== null) yield `${place.pointer}: ${wrong}`;
    else if (other !== undefined)
      yield `${place.pointer}: '${place.path}' is taken by the ${other.kind} of ${other.pointer}`;
    else {
      byPath.set(place.path, place);
      places.push(place);
    }
  }
  const folders = new Set<string>();
  for (const { pointer, path } of places) {
    let end = path.lastIndexOf("/");
    // A folder that was visited before has been reported before.
    for (; end > 0 && !folders.has(path.slice(0, end)); end = path.lastIndexOf("/", end - 1)) {
      const parent = path.slice(0, end);
      folders.add(parent);
      const other = byPath.get(parent);
      if (other !== undefined && other.kind !== "directory")
        yield `${pointer}: its parent '${parent}' is the ${other.kind} of ${other.pointer}, not a directory`;
    }
  }
}

function* symlinkProblems(m: ManifestJson): Generator<string> {
  for (const [i, { target }] of (m.symlinks ?? []).entries()) {
    const at = `/symlinks/${i}/target`;
    const wrong = unwritable(target);
    if (wrong !== null) yield `${at}: ${JSON.stringify(target)} ${wrong}`;
    if (target === "") yield `${at}: a symlink points somewhere`;
    if (bytes(target) > TARGET_MAX)
      yield `${at}: ${bytes(target)} bytes are more than the ${TARGET_MAX} that fit`;
  }
}

function* daxdevProblems(m: ManifestJson): Generator<string> {
  const indices = new Map<number, number>();
  for (const [i, { index, name }] of m.daxdevs.entries()) {
    const other = indices.get(index);
    if (other !== undefined) yield `/daxdevs/${i}/index: ${index} is taken by /daxdevs/${other}`;
    else indices.set(index, i);
    const at = `/daxdevs/${i}/name`;
    const wrong = unwritable(name);
    if (wrong !== null) yield `${at}: ${JSON.stringify(name)} ${wrong}`;
    if (!name.startsWith("/")) yield `${at}: ${JSON.stringify(name)} is not absolute`;
    if (bytes(name) > DAXDEV_NAME_MAX)
      yield `${at}: ${bytes(name)} bytes are more than the ${DAXDEV_NAME_MAX} that fit`;
  }
}

function* extentProblems(
  file: ManifestFileJson,
  at: string,
  devices: ReadonlySet<string>,
): Generator<string> {
  const first = file.extents[0];
  const interleaved = first !== undefined && isInterleavedJson(first);
  for (const [i, extent] of file.extents.entries()) {
    const here = `${at}/extents/${i}`;
    if (isInterleavedJson(extent) !== interleaved)
      yield `${here}: a file has simple or interleaved extents, and ${at}/extents/0 is ${interleaved ? "interleaved" : "simple"}`;
    if (isInterleavedJson(extent) && BigInt(extent.chunkSize) > U32_MAX)
      yield `${here}/chunkSize: ${extent.chunkSize} does not fit the 32 bits that it has on the wire`;
    const ranges = isInterleavedJson(extent)
      ? extent.strips.map((strip, j) => [strip, `${here}/strips/${j}`] as const)
      : [[extent, here] as const];
    for (const [{ devindex }, where] of ranges)
      if (!devices.has(devindex)) yield `${where}/devindex: there is no daxdev ${devindex} in /daxdevs`;
  }
}

/** All problems of the manifest, in the order of the document; empty: it can be served. */
export function manifestProblems(m: ManifestJson): string[] {
  const devices = new Set(m.daxdevs.map((d) => `${d.index}`));
  return [
    ...daxdevProblems(m),
    ...treeProblems(m),
    ...symlinkProblems(m),
    ...m.files.flatMap((file, i) => [...extentProblems(file, `/files/${i}`, devices)]),
  ];
}
