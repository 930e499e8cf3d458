import { UsageError } from "../../base/errors.ts";
import { namesIn } from "./c-text.ts";
import { type Definition, type Index, indexDefinitions } from "./definitions.ts";
import type { KernelSource, SourceText } from "./source.ts";

/** The part of a kernel's source that the harness runs, as one C text. */
export interface Cut {
  readonly text: string;
  /** The source has famfs_fileofs_to_daxofs. */
  readonly hasResolver: boolean;
  /** Its map has interleaved extents. */
  readonly hasInterleaved: boolean;
  /** Definitions that the source uses and does not have, so that ours are used. */
  readonly standIns: readonly string[];
  /** Names of the source's own files. */
  readonly files: readonly string[];
  /** Names of its functions and variables; a kernel with the source built in has them, too. */
  readonly symbols: readonly string[];
}

const REQUIRED = ["famfs_file_init_dax", "__famfs_meta_free", "struct famfs_file_meta"];
const RESOLVER = "famfs_fileofs_to_daxofs";

/** The definitions that the installation of a map needs. */
export const PARSER_ROOTS: readonly string[] = [...REQUIRED, "famfs_meta_set", "famfs_meta_free"];
const ROOTS = [...PARSER_ROOTS, "struct famfs_dax_devlist", RESOLVER];

/**
 * Cuts out the parser, the resolver and all definitions that they need.
 *
 * @param shim definitions of the harness, which precede the source's
 * @param standIns definitions for those that the source lacks
 * @param roots the wanted definitions; by default parser and resolver
 */
export function cutParser(
  source: KernelSource,
  shim: readonly SourceText[],
  standIns: readonly SourceText[],
  roots: readonly string[] = ROOTS,
): Cut {
  const theirs = indexDefinitions(source.texts);
  for (const name of REQUIRED)
    if (!theirs.has(name))
      throw new UsageError(
        `${source.origin} defines no ${name}: expected the famfs.c of a GET_FMAP patch, with famfs_kfmap.h beside it`,
      );
  const provided = indexDefinitions(shim);
  const ours = indexDefinitions(standIns);
  const needed = reach(roots, (name) =>
    provided.has(name) ? [] : (theirs.get(name) ?? ours.get(name) ?? []),
  );

  const isOurs = new Set([...ours.values()].flat());
  const files = [...standIns, ...source.texts].map(({ file }) => file);
  const definitions = [...needed].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line,
  );
  return {
    text: emit(definitions),
    hasResolver: roots.includes(RESOLVER) && theirs.has(RESOLVER),
    hasInterleaved: namesIn(textOf(theirs, "struct famfs_file_meta")).has("fm_niext"),
    standIns: definitions.filter((d) => isOurs.has(d)).map((d) => d.names[0] ?? "enum"),
    files: source.texts.map(({ file }) => file),
    symbols: definitions.flatMap((d) => (d.kind === "function" || d.kind === "object" ? d.names : [])),
  };
}

const textOf = (index: Index, name: string) => (index.get(name) ?? []).map((d) => d.text).join("\n");

/** All definitions that the roots mention, directly or through others. */
function reach(roots: readonly string[], find: (name: string) => readonly Definition[]): Set<Definition> {
  const needed = new Set<Definition>();
  const names = new Set(roots);
  for (const name of names) {
    for (const definition of find(name)) {
      needed.add(definition);
      for (const mentioned of namesIn(definition.text)) names.add(mentioned);
    }
  }
  return needed;
}

/** Types, then prototypes, then code, so that the order of the files does not matter. */
function emit(definitions: readonly Definition[]): string {
  const of = (...kinds: Definition["kind"][]) => definitions.filter((d) => kinds.includes(d.kind));
  const tags = new Set(
    definitions.flatMap((d) => [...namesIn(d.text)]).filter((name) => name.startsWith("struct ")),
  );
  return [
    ...[...tags].map((tag) => `${tag};`),
    ...of("macro").map((d) => placed(d, d.text)),
    ...of("type").map((d) => placed(d, d.text)),
    ...of("function").map((d) => placed(d, `${d.head};`)),
    ...of("object", "function").map((d) => placed(d, d.text)),
    "",
  ].join("\n");
}

function placed({ guards, line, file }: Definition, text: string): string {
  const ends = guards.filter((g) => /^\s*#\s*if/.test(g)).map(() => "#endif");
  return [...guards, `#line ${line} "${file}"`, text, ...ends].join("\n");
}
