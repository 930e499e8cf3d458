/** Reads C text without a compiler: separates code from comments, and finds the closing bracket. */

const NOT_CODE = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

const blank = (text: string) => text.replace(/[^\n]/g, " ");

/** The text with comments, strings and character constants replaced by blanks; all offsets stay the same. */
export function codeOf(text: string): string {
  // A hunk may begin inside a comment.
  const end = text.indexOf("*/");
  const begin = text.indexOf("/*");
  const cut = end >= 0 && (begin < 0 || begin > end) ? end + 2 : 0;
  return blank(text.slice(0, cut)) + text.slice(cut).replace(NOT_CODE, blank);
}

/** Index of the bracket that closes the one at `open`, or -1. */
export function closingOf(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if ("([{".includes(code.charAt(at))) depth++;
    else if (")]}".includes(code.charAt(at)) && --depth === 0) return at;
  }
  return -1;
}

/** Braces that are open at the end; negative if more are closed than opened. */
export function openBraces(text: string): number {
  const code = codeOf(text);
  return code.split("{").length - code.split("}").length;
}

/**
 * Every name that a text mentions: `x` for an identifier, `struct x` (union, enum) for a tag, and `__free_x` for the
 * cleanup function behind the kernel's `__free(x)`.
 */
export function namesIn(text: string): Set<string> {
  const code = codeOf(text);
  const names = new Set<string>();
  for (const [, tagged, name] of code.matchAll(/\b(?:(struct|union|enum)\s+)?([A-Za-z_]\w*)/g))
    names.add(tagged ? `${tagged} ${name}` : `${name}`);
  for (const [, name] of code.matchAll(/\b__free\s*\(\s*(\w+)/g)) names.add(`__free_${name}`);
  return names;
}

/** Line number of an offset, the text's first line being `first`. */
export const lineAt = (text: string, offset: number, first: number): number =>
  first + text.slice(0, offset).split("\n").length - 1;
