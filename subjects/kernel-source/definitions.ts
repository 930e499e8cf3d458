import { codeOf, lineAt } from "./c-text.ts";
import { chunksOf, type Meaning, meaningOf } from "./chunks.ts";
import { directivesIn, guardsAt, withoutDirectives } from "./directives.ts";
import type { SourceText } from "./source.ts";

/** A top-level definition in C, word for word. */
export interface Definition {
  /** The defined names: `name`, or `struct tag` (union, enum); for an enum its enumerators, too. */
  readonly names: readonly string[];
  readonly kind: Meaning["kind"] | "macro";
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** A function's text up to its body. */
  readonly head?: string;
  /** The conditional directives around it, as written; each that begins a conditional needs an `#endif`. */
  readonly guards: readonly string[];
}

/** The definitions of a name; several if they are in different branches of a conditional. */
export type Index = ReadonlyMap<string, readonly Definition[]>;

/** Indexes kernel-style C without definitions that a hunk cuts off, and without unknown syntax. */
export function indexDefinitions(texts: readonly SourceText[]): Index {
  const index = new Map<string, Definition[]>();
  for (const text of texts) {
    const here = new Map<string, Definition[]>();
    for (const definition of definitionsIn(text))
      for (const name of definition.names) here.set(name, [...(here.get(name) ?? []), definition]);
    for (const [name, definitions] of here) index.set(name, definitions);
  }
  return index;
}

function definitionsIn({ file, line, text }: SourceText): Definition[] {
  const code = codeOf(text);
  const directives = directivesIn(text, code);
  const found: Definition[] = [];
  const add = (start: number, end: number, what: Pick<Definition, "names" | "kind" | "head">) => {
    const guards = guardsAt(directives, start);
    if (guards !== "stub" && what.names.length > 0)
      found.push({ ...what, file, line: lineAt(text, start, line), text: text.slice(start, end), guards });
  };

  for (const { word, start, end, text } of directives) {
    const name = /define\s+(\w+)/.exec(text)?.[1];
    if (word === "define" && name !== undefined) add(start, end, { names: [name], kind: "macro" });
  }
  for (const { start, end, body } of chunksOf(withoutDirectives(code))) {
    const meaning = meaningOf(code.slice(start, end), body === undefined ? undefined : body - start);
    if (meaning)
      add(start, end, { ...meaning, ...(body === undefined ? {} : { head: text.slice(start, body) }) });
  }
  return found;
}
