/** The lines of a patch in a text: at the left margin, or behind the quotation marks of a reply. */

const HUNK = /@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;
const PLAIN = new RegExp(`^${HUNK.source}`);
const QUOTED = new RegExp(`^((?:> ?)+)${HUNK.source}`);

export interface PatchLines {
  readonly form: "plain" | "quoted";
  /** Without the quotation marks, and without the reviewer's own lines. */
  readonly lines: readonly string[];
}

/** The lines that contain the patch; `lost`: there is a patch, but without its line breaks. */
export function patchLines(text: string): PatchLines | "lost" | undefined {
  const lines = text.split("\n");
  if (lines.some((line) => PLAIN.test(line))) return { form: "plain", lines };
  const marks = lines.map((line) => QUOTED.exec(line)?.[1]).find(Boolean);
  if (marks === undefined) return HUNK.test(text) ? "lost" : undefined;
  const level = new RegExp(`^(?:> ?){${marks.split(">").length - 1}}`);
  const quoted = lines.filter((line) => level.test(line));
  return { form: "quoted", lines: quoted.map((line) => line.replace(level, "")) };
}
