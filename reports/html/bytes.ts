import { counted } from "../../base/counted.ts";
import type { Dissected } from "../exchange/exchange.ts";
import type { Failure } from "../result/result.ts";
import type { Mark } from "../terminal/dump.ts";
import { type LayoutField, type LayoutRecord, layout } from "../terminal/layout.ts";
import { type Html, html, when } from "./escape.ts";

/** Of more records than this, the ones that follow are left out, but for the one with the mark. */
const MAX_RECORDS = 40;

/** What stands below a message in which nothing is marked, and below a parser's, whose failure tells the mark already. */
const HINT = "Point at a field, or move to one with the arrow keys.";

/** Bytes of one field that are displayed. */
const MAX_BYTES = 16;

/** The message of a failure; of a daemon's failure the request and the reply, and the map that the reply should have had. */
export function bytesHtml(s: Failure): Html {
  const { exchange } = s;
  if (exchange !== null)
    return html`${[exchange.request, exchange.before, exchange.reply].flatMap((d) => (d === null ? [] : dissectedHtml(d)))}`;
  if (s.message === null) return html``;
  const message = Buffer.from(s.message, "hex");
  const records = layout(message, s.profile);
  return dissectedHtml({ title: "", size: message.length, records, marks: s.marks });
}

const markAt = (marks: readonly Mark[], { offset, bytes }: LayoutField): Mark | undefined =>
  marks.find((m) => m.offset >= offset && m.offset < offset + bytes.length);

/** A message's bytes by record and field; a field tells its offset, name, value and remark where it is pointed at. */
function dissectedHtml({ title, size, records, marks }: Dissected): Html {
  const kept = records.filter((r, i) => i < MAX_RECORDS || r.fields.some((f) => markAt(marks, f)));
  const left = records.length - kept.length;
  const [first] = records.flatMap(({ fields }) =>
    fields.flatMap((field) => {
      const mark = markAt(marks, field);
      return mark === undefined ? [] : [{ field, mark }];
    }),
  );
  const behind = marks.find((m) => m.offset >= size);
  return html`<figure class="bytes"><figcaption>${title === "" ? "" : `${title}, `}${counted(size, "byte")}</figcaption>
<div class="records" role="group" aria-label="The message's fields; arrow keys move between them">${kept.map((r) => recordHtml(r, marks))}${when(
    size === 0 || behind !== undefined,
    () => html`<div class="record"><span class="title">end</span>${endHtml(size, behind?.text ?? "")}</div>`,
  )}</div>
${when(left > 0, () => html`<p class="dim">${counted(left, "more record")} like these</p>`)}<p class="field-text" aria-live="polite">${first === undefined || title === "" ? HINT : fieldText(first.field, first.mark)}</p></figure>`;
}

/** A field in words: where it is, what it holds, and what is remarked there. */
function fieldText(f: LayoutField, mark: Mark | undefined): string {
  const end = f.offset + f.bytes.length - 1;
  const place = end > f.offset ? `bytes ${f.offset} to ${end}` : `byte ${f.offset}`;
  const remark = mark === undefined ? "" : `; ${mark.text}`;
  return `${place}: ${f.name === "" ? "no field" : f.name} ${f.value}${remark}`.trimEnd();
}

const recordHtml = (r: LayoutRecord, marks: readonly Mark[]) =>
  html`<div class="record"><span class="title">${r.title}</span><span class="fields">${r.fields.map((f) => {
    const mark = markAt(marks, f);
    const bytes = [...f.bytes.subarray(0, MAX_BYTES)].map((b) => b.toString(16).padStart(2, "0")).join(" ");
    return html`<span class="field${mark === undefined ? "" : " hit"}" tabindex="-1" data-text="${fieldText(f, mark)}"><span class="hex">${bytes}${f.bytes.length > MAX_BYTES ? " …" : ""}</span><span class="name">${f.name}</span></span>`;
  })}</span></div>
`;

const endHtml = (at: number, text: string) =>
  html`<span class="fields"><span class="field hit" tabindex="-1" data-text="${`byte ${at}, the end${text === "" ? "" : `; ${text}`}`}"><span class="hex">(end)</span><span class="name">${text}</span></span></span>`;
