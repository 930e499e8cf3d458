import { type LayoutRecord, layout } from "../layout.ts";
import type { Shown } from "../result.ts";
import { type Html, html, when } from "./escape.ts";

/** Of more records than this, the ones that follow are left out, but for the one with the mark. */
const MAX_RECORDS = 40;

/** Bytes of one field that are shown. */
const MAX_BYTES = 16;

/** The message's bytes by record and field; a field tells its offset, name, value and rule where it is pointed at. */
export function bytesHtml(s: Shown): Html {
  if (s.message === null) return html``;
  const message = Buffer.from(s.message, "hex");
  const records = layout(message, s.profile);
  const { mark } = s;
  const isMarked = ({ fields }: LayoutRecord) =>
    mark !== null && fields.some((f) => mark.offset >= f.offset && mark.offset < f.offset + f.bytes.length);
  const kept = records.filter((r, i) => i < MAX_RECORDS || isMarked(r));
  const left = records.length - kept.length;
  return html`<figure class="bytes"><figcaption>${message.length} bytes</figcaption>
<div class="records" role="group" aria-label="The message's fields; arrow keys move between them">${kept.map((r) => recordHtml(r, mark))}${when(
    message.length === 0 || (mark !== null && mark.offset >= message.length),
    () =>
      html`<div class="record"><span class="title">end</span>${endHtml(message.length, mark?.text ?? "")}</div>`,
  )}</div>
${when(left > 0, () => html`<p class="dim">${left} more records like these</p>`)}<p class="field-told" aria-live="polite">Point at a field, or move to one with the arrow keys.</p></figure>`;
}

const recordHtml = (r: LayoutRecord, mark: Shown["mark"]) =>
  html`<div class="record"><span class="title">${r.title}</span><span class="fields">${r.fields.map((f) => {
    const hit = mark !== null && mark.offset >= f.offset && mark.offset < f.offset + f.bytes.length;
    const bytes = [...f.bytes.subarray(0, MAX_BYTES)].map((b) => b.toString(16).padStart(2, "0")).join(" ");
    const end = f.offset + f.bytes.length - 1;
    const place = end > f.offset ? `bytes ${f.offset} to ${end}` : `byte ${f.offset}`;
    const remark = hit ? `; ${mark.text}` : "";
    const told = `${place}: ${f.name === "" ? "no field" : f.name} ${f.value}${remark}`.trimEnd();
    return html`<span class="field${hit ? " hit" : ""}" tabindex="-1" data-told="${told}"><span class="hex">${bytes}${f.bytes.length > MAX_BYTES ? " …" : ""}</span><span class="name">${f.name}</span></span>`;
  })}</span></div>
`;

const endHtml = (at: number, text: string) =>
  html`<span class="fields"><span class="field hit" tabindex="-1" data-told="${`byte ${at}, the end${text === "" ? "" : `; ${text}`}`}"><span class="hex">(end)</span><span class="name">${text}</span></span></span>`;
