import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import type { Journal } from "../../suites/stored/document.ts";
import type { Read } from "../../suites/stored/shards.ts";
import { readStored } from "../../suites/stored/stored-document.ts";
import { readInput, why } from "./files.ts";
import { JOURNAL } from "./journal-file.ts";

/** The documents with these names in a folder, or in its folders: a run of several profiles has one for each. */
function pathsIn(folder: string, names: readonly string[]): string[] {
  const here = names.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (here.length > 0) return here;
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const inFolders = below.map(({ name }) => join(folder, name)).sort();
  return inFolders
    .flatMap((path) => names.map((name) => join(path, name)))
    .filter((path) => existsSync(path));
}

function kindOf(path: string): "folder" | "file" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${why(error)}`);
  }
}

/** Reads documents from files, and those with these names from folders. Throws UsageError, also where a folder has none. */
export async function readDocuments(paths: readonly string[], names: readonly string[]): Promise<Read[]> {
  const read: Read[] = [];
  for (const path of paths) {
    const files = kindOf(path) === "file" ? [path] : pathsIn(path, names);
    if (files.length === 0) throw new UsageError(`there is no ${names.join(" or ")} in ${path}`);
    for (const file of files) read.push({ path: file, document: readStored(await readInput(file), file) });
  }
  return read;
}

/** The latest document of a run, and its journal where it can be resumed. */
export interface Latest {
  readonly read: Read;
  readonly journal: Read<Journal> | null;
}

/** Of a file, its document; of a folder, the report, or the journal of a run that left no report after it. Throws UsageError. */
export async function latestDocuments(path: string, names: readonly string[]): Promise<Latest[]> {
  const files = kindOf(path) === "file" ? [path] : pathsIn(path, [JOURNAL, ...names]);
  if (files.length === 0) throw new UsageError(`there is no ${[...names, JOURNAL].join(" or ")} in ${path}`);
  const read = await readDocuments(files, names);
  const folders = [...new Set(read.map((r) => dirname(r.path)))];
  return folders.flatMap((folder): Latest[] => {
    const here = read.filter((r) => dirname(r.path) === folder);
    const journal = here.find(isJournal) ?? null;
    const reports = here.filter((r) => r !== journal && (journal === null || isLater(r, journal)));
    if (reports.length > 0) return reports.map((r) => ({ read: r, journal }));
    return journal === null ? [] : [{ read: journal, journal }];
  });
}

const isJournal = (r: Read): r is Read<Journal> => r.document.format === "fmapspec-journal";

/** A run that is stopped writes its journal and then its report; one that is killed writes no report. */
const isLater = (a: Read, b: Read) => statSync(a.path).mtimeMs >= statSync(b.path).mtimeMs;
