import { wellFormed } from "../line.ts";

/** Markup that is finished. */
export interface Html {
  readonly html: string;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Controls that show nothing or, as the bidirectional ones do, show other text than there is. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const NUMBER_OF_C0 = 0x20;
const CONTROL_PICTURES = 0x2400;

/** The text with a sign for each invisible control: `\u241b` for ESC, `<U+202E>` for an override. */
export const visible = (text: string): string =>
  wellFormed(text).replace(INVISIBLE, (c) => {
    const code = c.charCodeAt(0);
    if (code < NUMBER_OF_C0) return String.fromCharCode(CONTROL_PICTURES + code);
    return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });

type Value = string | number | Html | readonly Html[];

function markup(value: Value): string {
  if (typeof value === "string") return visible(value).replace(/[&<>"']/g, (c) => ENTITIES[c] as string);
  if (typeof value === "number") return String(value);
  return "html" in value ? value.html : value.map((v) => v.html).join("");
}

/** Markup with values in it: text is escaped, for content and quoted attributes alike; `Html` stands as it is. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.reduce((all, s, i) => all + markup(values[i - 1] as Value) + s) };
}

/** Markup only where it holds. */
export const when = (holds: boolean, then: () => Html): Html => (holds ? then() : { html: "" });
