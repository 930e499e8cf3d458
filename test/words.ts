/** A piece of a source text: an identifier, a comment, or a string (of a template, the texts between its expressions). */
export interface Piece {
  readonly kind: "name" | "comment" | "string";
  readonly text: string;
  /** Offset in the source. */
  readonly at: number;
}

/** A word that the project does not use: everywhere, or only in names. */
export interface BannedWord {
  readonly word: string;
  readonly namesOnly: boolean;
}

/** Enough of the grammar of TypeScript and of C to tell names, strings and comments apart; a regular expression follows an operator. */
const TOKEN =
  /(?<comment>\/\/[^\n]*|\/\*.*?\*\/)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<=[=(,:!&|?;{}[\n]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|(?<name>[A-Za-z_$][\w$]*)|[`{}]/gs;
const TEMPLATE = /(?<text>(?:[^`\\$]|\\.|\$(?!\{))*)(?<end>`|\$\{)/sy;

export function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = [];
  const open: string[] = [];
  const add = (kind: Piece["kind"], text: string, at: number) => pieces.push({ kind, text, at });
  const template = (from: number): number => {
    TEMPLATE.lastIndex = from;
    const { text = "", end } = TEMPLATE.exec(source)?.groups ?? {};
    add("string", text, from);
    if (end === "${") open.push(end);
    return TEMPLATE.lastIndex;
  };
  const token = new RegExp(TOKEN);
  for (let m = token.exec(source); m !== null; m = token.exec(source)) {
    const { comment, string, name } = m.groups ?? {};
    if (comment !== undefined) add("comment", comment, m.index);
    else if (string !== undefined) add("string", string, m.index);
    else if (name !== undefined) add("name", name, m.index);
    else if (m[0] === "{") open.push("{");
    else if (m[0] === "`" || (m[0] === "}" && open.pop() === "${"))
      token.lastIndex = template(token.lastIndex);
  }
  return pieces;
}

const wordsIn = ({ kind, text }: Piece): string[] =>
  kind === "name" ? (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []) : [text];

/** Whether the word occurs, not as a part of a longer one. A phrase may begin with a comma. */
const holds = (text: string, word: string) =>
  new RegExp(`${/^\w/.test(word) ? "(?<![\\w-])" : ""}${word}(?![\\w-])`, "i").test(text);

/** `line: word in "text"` for each banned word. `allowed`: names that stay although a word of theirs is banned. */
export const offencesIn = (source: string, banned: readonly BannedWord[], allowed: readonly string[] = []) =>
  piecesOf(source).flatMap((piece) =>
    allowed.includes(piece.text)
      ? []
      : banned
          .filter(({ namesOnly }) => piece.kind === "name" || !namesOnly)
          .filter(({ word }) => wordsIn(piece).some((text) => holds(text, word)))
          .map(
            ({ word }) =>
              `${source.slice(0, piece.at).split("\n").length}: ${word} in ${JSON.stringify(piece.text)}`,
          ),
  );

/** The rows of the table of words in CONTRIBUTING.md: `| word; word | instead | names |`. */
export const bannedWords = (contributing: string): BannedWord[] =>
  [...contributing.matchAll(/^\| (?<words>[^|]+) \| [^|]+ \| (?<where>names|everywhere) *\|$/gm)].flatMap(
    (row) =>
      (row.groups?.words ?? "")
        .split(";")
        .map((word) => ({ word: word.trim(), namesOnly: row.groups?.where === "names" })),
  );
