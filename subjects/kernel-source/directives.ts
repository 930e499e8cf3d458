/** A preprocessor directive with its continuation lines. */
export interface Directive {
  /** `define`, `if`, `ifdef`, ... */
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** The directive as written. */
  readonly text: string;
}

const DIRECTIVE = /^[ \t]*#[ \t]*(\w*)(?:\\\n|[^\n])*/gm;

/** @param code the text with comments and strings blanked */
export const directivesIn = (text: string, code: string): Directive[] =>
  [...code.matchAll(DIRECTIVE)].map(({ 0: line, 1: word = "", index }) => {
    const end = endOfComment(text, index, index + line.length);
    return { word, start: index, end, text: text.slice(index, end) };
  });

export const withoutDirectives = (code: string): string =>
  code.replace(DIRECTIVE, (line) => line.replace(/[^\n]/g, " "));

/** A comment that begins on a directive's line belongs to the directive. */
function endOfComment(text: string, start: number, end: number): number {
  const line = text.slice(start, end);
  return line.lastIndexOf("/*") > line.lastIndexOf("*/") ? text.indexOf("*/", end) + 2 : end;
}

/**
 * The conditionals around an offset, as written: `#if A`, `#else`. `stub`: an `#else` whose `#if` was cut off, because in
 * the kernel such a branch has stubs.
 */
export function guardsAt(directives: readonly Directive[], offset: number): string[] | "stub" {
  const open: (string[] | "stub")[] = [];
  for (const { word, start, text } of directives) {
    if (start >= offset) break;
    const innermost = open.at(-1);
    if (word.startsWith("if")) open.push([text]);
    else if (word === "endif") open.pop();
    else if (word !== "else" && word !== "elif") continue;
    else if (innermost === undefined) open.push("stub");
    else if (innermost !== "stub") innermost.push(text);
  }
  return open.includes("stub") ? "stub" : open.flat();
}
