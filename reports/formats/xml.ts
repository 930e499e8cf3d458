/** What XML 1.0 has no way to write, not even as a character reference: most controls, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // A parser normalises these in attributes, and a carriage return everywhere.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** The text without what XML 1.0 forbids. */
export const xmlText = (text: string): string => text.replace(FORBIDDEN, "");

/** Text between tags. */
export const content = (text: string): string =>
  xmlText(text).replace(/[&<>\r]/g, (c) => ENTITIES[c] as string);

/** `name="value"` for each attribute, with a blank before it. */
export const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => {
      const escaped = xmlText(String(value)).replace(/[&<>"\t\n\r]/g, (c) => ENTITIES[c] as string);
      return ` ${name}="${escaped}"`;
    })
    .join("");
