import { counted } from "../../base/counted.ts";
import type { Paint } from "../line.ts";
import { type LayoutRecord, layout } from "./layout.ts";

/** A remark at a byte of the message: `E2BIG fmap/header/nextents-limit`. */
export interface Mark {
  readonly offset: number;
  readonly text: string;
}

/** The byte that a verdict refuses a message for, where it does. */
export const decidingByte = (
  v: { readonly verdict: "accept" | "unspecified" } | ({ readonly verdict: "reject" } & Refusal),
): Mark[] => (v.verdict === "reject" ? [{ offset: v.offset, text: `${v.errno} ${v.rule}` }] : []);

interface Refusal {
  readonly offset: number;
  readonly errno: string;
  readonly rule: string;
}

/** Of more records than this, the ones in the middle are left out where nothing is marked. */
const FULL = 6;

const BYTES_IN_A_ROW = 8;

/** Characters of a field's name, as in the line of headings; FUSE has longer ones. */
const NAME = 14;

/** The message as an annotated hex dump, for the header of a profile. */
export const renderDump = (
  message: Uint8Array,
  marks: readonly Mark[],
  paint: Paint,
  profile: string | null = null,
): string => renderRecords({ records: layout(message, profile), size: message.length, marks }, paint);

/** A message's records, a line for each field: offset, bytes, name, value, and the marks behind it. `size`: its bytes. */
export function renderRecords(
  { records, size, marks }: { records: readonly LayoutRecord[]; size: number; marks: readonly Mark[] },
  paint: Paint,
): string {
  const lines: string[] = [paint("dim", "offset  bytes                    field          value")];
  let hidden = 0;
  const reveal = () => {
    if (hidden > 0) lines.push(paint("dim", `   ...  ${counted(hidden, "more record")} like these`));
    hidden = 0;
  };
  if (size === 0) lines.push("     0  (no bytes)");
  for (const [i, record] of records.entries()) {
    const last = record.fields.at(-1);
    const end = last === undefined ? 0 : last.offset + last.bytes.length;
    const begin = record.fields[0]?.offset ?? 0;
    const marked = marks.some((m) => m.offset >= begin && m.offset < end);
    if (i >= FULL - 1 && i < records.length - 1 && !marked) {
      hidden++;
      continue;
    }
    reveal();
    lines.push(paint("cyan", record.title));
    const width = Math.max(NAME, ...record.fields.map((f) => f.name.length));
    for (const field of record.fields) {
      const remarks = marks
        .filter((m) => m.offset >= field.offset && m.offset < field.offset + field.bytes.length)
        .map((m) => `  <- ${m.text}`);
      const bytes = [...field.bytes].slice(0, BYTES_IN_A_ROW).map((b) => b.toString(16).padStart(2, "0"));
      const hex = bytes.join(" ") + (field.bytes.length > BYTES_IN_A_ROW ? " ..." : "");
      const row = `${String(field.offset).padStart(6)}  ${hex.padEnd(24)} ${field.name.padEnd(width)} ${field.value}`;
      lines.push(row.trimEnd() + paint("red", remarks.join("")));
    }
  }
  for (const m of marks.filter((m) => m.offset >= size))
    lines.push(`${String(size).padStart(6)}  ${"(end)".padEnd(24)}${paint("red", `  <- ${m.text}`)}`);
  return lines.join("\n");
}
