/** Consecutive lines of one file of a kernel's source. */
export interface SourceText {
  /** The file's name without folders, as compiler and sanitizers will give it. */
  readonly file: string;
  /** Number of the first line. */
  readonly line: number;
  readonly text: string;
}

export interface KernelSource {
  /** Where it is from, for people: `famfs.c (patch, 8 files)`. */
  readonly origin: string;
  /** Headers before C files; of two texts that define the same name, the later one counts. */
  readonly texts: readonly SourceText[];
}

/** C needs the UAPI before the headers that use it, and those before the code. */
const rank = (file: string) => (file.endsWith(".c") ? 2 : file === "fuse.h" || file.includes("uapi") ? 0 : 1);

export const inOrder = (texts: readonly SourceText[]): SourceText[] =>
  texts.toSorted((a, b) => rank(a.file) - rank(b.file));
