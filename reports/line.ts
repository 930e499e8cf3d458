/** Text for one line of a terminal, a file or a shell. */
import { styleText } from "node:util";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Colours text for a terminal, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

export const coloured: Paint = (style, text) => styleText(style, text);

/** What ends a line or moves a cursor: C0, DEL, C1 and the two Unicode separators. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/** The text on one line that no terminal and no line protocol takes for more: controls become a space. */
export const oneLine = (text: string): string => wellFormed(text).replace(CONTROL, " ").trim();

/** The text as UTF-8 can hold it: lone surrogates become U+FFFD. */
export const wellFormed = (text: string): string => Buffer.from(text).toString();

/** The text as one word of a shell's command line. */
export const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
