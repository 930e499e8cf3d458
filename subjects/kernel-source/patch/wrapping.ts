/** Lines of code that a mail program broke because they were too long for it. */

const TAB = 8;

const columns = (line: string) =>
  [...line].reduce((column, char) => column + (char === "\t" ? TAB - (column % TAB) : 1), 0);

const isBreakable = (line: string) => /\S\s+\S/.test(line);

/** Columns that a mail's lines may have, as far as can be told from those that were left as they are. */
export const wrapWidth = (lines: readonly string[]): number =>
  lines.reduce((most, line) => (isBreakable(line) ? Math.max(most, columns(line)) : most), 0);

/**
 * How hard it is to believe that a line is what was left over of the line above it; 1 for a line that can be nothing
 * else.
 */
export function wrapDoubt(line: string, above: string, width: number): number {
  const [firstWord = ""] = line.trimStart().split(/\s/, 1);
  const wouldHaveFitted = columns(above) + 1 + firstWord.length <= width;
  return 1 + doubtOfMark(line) + (wouldHaveFitted ? 4 : 0);
}

/** A remainder may begin with an operator, and look like a line of the patch: but code is seldom indented by one blank. */
function doubtOfMark(line: string): number {
  if (/^[+-] [^\s*]/.test(line)) return 1;
  return /^[ +-]/.test(line) ? 3 : 0;
}

/** The broken line as it was, but for the white space at which it was broken. */
export const rejoin = (above: string, line: string): string => `${above.trimEnd()} ${line.trimStart()}`;
