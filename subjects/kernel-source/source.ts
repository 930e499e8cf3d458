/** Consecutive lines of one file of a kernel's source. */
export interface SourceText {
  /** The file's name without folders, as in the reports of compiler and sanitizers. */
  readonly file: string;
  /** Number of the first line. */
  readonly line: number;
  readonly text: string;
}

export interface KernelSource {
  /** The source in words: `famfs.c (patch, 8 files)`. */
  readonly origin: string;
  /** Headers before C files; if two texts define a name, the later one counts. */
  readonly texts: readonly SourceText[];
}

/** Sort order: the UAPI, then the headers that use it, then the code. */
const rank = (file: string) => (file.endsWith(".c") ? 2 : file === "fuse.h" || file.includes("uapi") ? 0 : 1);

export const inOrder = (texts: readonly SourceText[]): SourceText[] =>
  texts.toSorted((a, b) => rank(a.file) - rank(b.file));
