/** What ends a line or moves a cursor: C0, DEL, C1 and the two Unicode separators. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/** The text on one line that no terminal and no line protocol takes for more: controls become a space. */
export const oneLine = (text: string): string => wellFormed(text).replace(CONTROL, " ").trim();

/** The text as UTF-8 can hold it: lone surrogates become U+FFFD. */
export const wellFormed = (text: string): string => Buffer.from(text).toString();
