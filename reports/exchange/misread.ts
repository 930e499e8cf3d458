/** What a wrong number may have been meant as, in the messages and in the answers that reports tell of. */
import { parseFmap, strict } from "../../oracles/index.ts";
import {
  type FieldWidth,
  type MisreadingKind,
  misreadings,
  type Profile,
  renderMisreading,
} from "../../spec/index.ts";
import { layout } from "../terminal/layout.ts";

/** No device is larger, in bytes: what would lie beyond is no explanation. */
const LARGEST = 1n << 52n;

/** Of an offset only its alignment can be wrong, so that most other readings of it fit, too. */
const OF_OFFSETS: readonly MisreadingKind[] = ["byte-order", "page-too-low", "page-too-high"];

const WIDTHS: readonly number[] = [2, 4, 8];

/** How the field at this byte of a refused map would make it a sound one: the end of a remark; or "". */
export function misreadField(message: Uint8Array, offset: number, profile: Profile): string {
  const field = layout(message, profile.name)
    .flatMap((r) => r.fields)
    .find((f) => f.offset === offset && WIDTHS.includes(f.bytes.length));
  if (field === undefined) return "";
  const width = (8 * field.bytes.length) as FieldWidth;
  const kinds = field.name === "se_offset" ? OF_OFFSETS : null;
  const fits = (meant: bigint) =>
    meant < LARGEST && isSound(withField(message, offset, width, meant), profile);
  return renderMisreading(
    misreadings(littleEndian(field.bytes), width, fits).filter((m) => kinds?.includes(m.kind) ?? true),
  );
}

const littleEndian = (bytes: Uint8Array) =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

function withField(message: Uint8Array, offset: number, width: FieldWidth, value: bigint): Uint8Array {
  const changed = Uint8Array.from(message);
  for (let i = 0; i < width / 8; i++) changed[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return changed;
}

const isSound = (message: Uint8Array, profile: Profile) =>
  parseFmap(profile, message).verdict === "accept" && strict(profile, message).length === 0;

/** `... is 512, expected 2`: the numbers of an answer that differ, at the end of what a parser's failure is told with. */
const DIFFERING = / is (\d{1,20}), expected (\d{1,20})$/;

/**
 * How a parser may have read the number that it should have: the end of a remark; or "". The words are read again here,
 * because what a failure is told with decides which failures are alike, and this must not.
 */
export function misreadAnswer(actual: string): string {
  const [, got, expected] = DIFFERING.exec(actual) ?? [];
  if (got === undefined || expected === undefined) return "";
  const right = BigInt(expected);
  const [first] = misreadings(BigInt(got), 64, (meant) => meant === right);
  return first === undefined ? "" : `; it looks ${first.how}`;
}
