import { closingOf } from "./c-text.ts";

/** A piece of C text from the left margin to its `;` or the end of its body. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Where a function's body opens. */
  readonly body?: number;
}

/** @param code without comments, strings and directives; a piece that is cut off at the edges is left out */
export function chunksOf(code: string): Chunk[] {
  const chunks: Chunk[] = [];
  const margin = /^[A-Za-z_]/gm;
  for (let start = margin.exec(code); start; start = margin.exec(code)) {
    const chunk = chunkAt(code, start.index);
    if ("end" in chunk) chunks.push(chunk);
    margin.lastIndex = "end" in chunk ? chunk.end : chunk.brokenAt + 1;
  }
  return chunks;
}

function chunkAt(code: string, start: number): Chunk | { readonly brokenAt: number } {
  for (let at = start; at < code.length; at++) {
    const character = code.charAt(at);
    if (character === ";") return { start, end: at + 1 };
    if (")]}".includes(character)) return { brokenAt: at };
    if (!"([{".includes(character)) continue;
    const head = code.slice(start, at);
    const close = closingOf(code, at);
    if (close < 0) return { brokenAt: at };
    if (character === "{" && functionName(head) && !head.includes("="))
      return { start, end: close + 1, body: at };
    // A macro's invocation may do without a semicolon.
    if (/^[A-Z][A-Z0-9_]*\s*$/.test(head) && /^[ \t]*\n/.test(code.slice(close + 1, close + 80)))
      return { start, end: close + 1 };
    at = close;
  }
  return { brokenAt: code.length };
}

const ATTRIBUTES = new Set(["__attribute__", "__aligned", "__section", "__printf"]);

/** The name before the first parameter list, or undefined. */
const functionName = (head: string): string | undefined =>
  [...head.matchAll(/(\w+)\s*\(/g)].find(
    ({ 1: name, index }) => index > 0 && !ATTRIBUTES.has(`${name}`),
  )?.[1];

const TAG = /^(?:(?:typedef|static|const)\s+)*(struct|union|enum)\s+(?:__\w+\s+)*(\w+)?[^{}();=]*\{/;

/** The definition in a chunk; undefined for declarations and unknown syntax. */
export interface Meaning {
  readonly kind: "type" | "object" | "function";
  readonly names: readonly string[];
}

/**
 * @param code one chunk's
 * @param body where in it a function's body opens
 */
export function meaningOf(code: string, body: number | undefined): Meaning | undefined {
  if (body !== undefined) return { kind: "function", names: [`${functionName(code.slice(0, body))}`] };
  const cleanup = /^DEFINE_FREE\s*\(\s*(\w+)/.exec(code);
  if (cleanup) return { kind: "object", names: [`__free_${cleanup[1]}`] };
  if (/^extern\b/.test(code)) return undefined;

  const [head, keyword, tag] = TAG.exec(code) ?? [];
  const open = head === undefined ? undefined : head.length - 1;
  const close = open === undefined ? -1 : closingOf(code, open);
  const inner = keyword === "enum" && open !== undefined ? enumerators(code.slice(open + 1, close)) : [];
  const named = [...(tag === undefined ? [] : [`${keyword} ${tag}`]), ...inner];
  const rest = code.slice(close + 1);
  if (/^typedef\b/.test(code)) return { kind: "type", names: [...named, ...aliases(rest)] };
  const variable = variableIn(rest);
  if (variable !== undefined) return { kind: "object", names: [...named, variable] };
  return open === undefined ? undefined : { kind: "type", names: named };
}

const enumerators = (list: string): string[] =>
  list.split(",").flatMap((item) => /^\s*([A-Za-z_]\w*)/.exec(item)?.[1] ?? []);

/** The names that a typedef defines, also for a function pointer. */
const aliases = (code: string): string[] => {
  const alias = /\(\s*\*\s*(\w+)\s*\)\s*\(/.exec(code) ?? /(\w+)\s*(?:\[[^\]]*\]\s*)*;$/.exec(code);
  return alias?.[1] === undefined ? [] : [alias[1]];
};

/** The variable of a declaration, or the one behind a struct's closing brace; not an attribute. */
function variableIn(code: string): string | undefined {
  const [declarator = ""] = code.split(/[=;[]/, 1);
  const isForward = /^(?:struct|union|enum)\s+\w+\s*$/.test(declarator);
  const name = /([A-Za-z_]\w*)\s*$/.exec(declarator)?.[1];
  return declarator.includes("(") || isForward || name?.startsWith("__") ? undefined : name;
}
