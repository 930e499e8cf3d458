/** What GET_DAXDEV answers, for the indexes that a kernel asks for and for those that none does. */
import { type Stats, statSync } from "node:fs";
import { daxdevOut, type RuleId, rangesOf } from "../../../spec/index.ts";
import { describe, type Kernel } from "../kernel.ts";
import type { ServedFile } from "./map-checks.ts";

type Answer = ReturnType<typeof daxdevOut.read>;

/** The path in an answer, and why the kernel cannot open it; null: it may. */
export interface DaxdevName {
  readonly name: string;
  readonly wrong: string | null;
}

export function daxdevName(bytes: Uint8Array): DaxdevName {
  const end = bytes.indexOf(0);
  const name = Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
  const wrong =
    end < 0
      ? "the name has no NUL in its 256 bytes"
      : name.startsWith("/")
        ? null
        : `the name '${name}' is no absolute path`;
  return { name, wrong };
}

const KINDS = [
  ["a directory", (s: Stats) => s.isDirectory()],
  ["a regular file", (s: Stats) => s.isFile()],
  ["a block device", (s: Stats) => s.isBlockDevice()],
  ["a FIFO", (s: Stats) => s.isFIFO()],
  ["a socket", (s: Stats) => s.isSocket()],
] as const;

/**
 * What stands at the path in place of a character device; null: such a device, or nothing that we can see. A daemon may
 * be tested where its devices are not.
 */
export function notCharDevice(path: string): string | null {
  try {
    const found = statSync(path);
    return KINDS.find(([, is]) => is(found))?.[0] ?? null;
  } catch {
    return null;
  }
}

/** What of an answer is not zero although nothing is defined there; null: nothing. */
export function notZero({ reserved, reserved2, reserved3, reserved4, name }: Answer): string | null {
  const fields = { reserved, reserved2, reserved3, reserved4 };
  for (const [field, value] of Object.entries(fields))
    if (BigInt(value) !== 0n) return `${field} is 0x${value.toString(16)}`;
  const end = name.indexOf(0);
  const behind = end < 0 ? -1 : name.findIndex((byte, at) => at > end && byte !== 0);
  return behind < 0 ? null : `byte ${behind} of the name, behind its NUL, is 0x${name[behind]?.toString(16)}`;
}

/** GET_DAXDEV of every index that a map uses, twice; returns the name of each that was answered. */
export async function daxdevs(
  kernel: Kernel,
  served: readonly ServedFile[],
): Promise<ReadonlyMap<bigint, string>> {
  const { ledger } = kernel;
  const names = new Map<bigint, string>();
  const { getDaxdev } = kernel.profile.opcodes;
  // To the later revisions the daemon names them itself.
  if (getDaxdev === null) return names;
  const used = new Set(served.flatMap(({ map }) => rangesOf(map).map((r) => r.devindex)));
  for (const index of used) {
    const found = await kernel.getDaxdev(getDaxdev, index);
    if ("unusable" in found) continue;
    const asked = `GET_DAXDEV of ${index}`;
    const check = (id: RuleId, fault: string | null) => ledger.check(id, fault, {}, found.evidence);
    check("daemon/daxdev/known", "errno" in found ? `${asked}: ${describe(found)}` : null);
    if ("errno" in found) continue;
    const answer = found.value;
    const isAskedFor = BigInt(answer.index) === index;
    check("daemon/daxdev/index", isAskedFor ? null : `${asked} answers index ${answer.index}`);
    const { name, wrong } = daxdevName(answer.name);
    check("daemon/daxdev/name", wrong);
    const kind = wrong === null ? notCharDevice(name) : null;
    check("daemon/daxdev/char-device", kind && `${asked} names '${name}', which is ${kind}`);
    const rest = notZero(answer);
    check("daemon/daxdev/reserved-zero", rest && `${asked}: ${rest}`);
    names.set(index, name);
    const again = await kernel.getDaxdev(getDaxdev, index);
    const now = "value" in again ? `'${daxdevName(again.value.name).name}'` : describe(again);
    const differs = now === `'${name}'` ? null : `${asked} was '${name}', and then ${now}`;
    ledger.check("daemon/daxdev/stable", differs);
  }
  return names;
}

/** The first index whose number does not fit into the answer's u16. */
const ENDS = 1n << 16n;

/** Indexes at which a narrower type wraps, or a table of 24 ends. */
const BOUNDARIES = [
  1n,
  23n,
  24n,
  255n,
  256n,
  ENDS - 1n,
  ENDS,
  (1n << 31n) - 1n,
  4_000_000_000n,
  (1n << 32n) - 1n,
  1n << 32n,
  (1n << 64n) - 1n,
];

/**
 * The indexes beyond those that maps use. A kernel asks for none of them: its parser refuses every map whose devindex is
 * not 0, and it has no more than 24 slots.
 */
export function unusedIndexes(used: Iterable<bigint>): readonly bigint[] {
  const all = [...used];
  const wrapped = [ENDS, 1n << 32n].flatMap((by) => all.map((index) => by + index));
  return [...new Set([...BOUNDARIES, ...wrapped])].filter((index) => !all.includes(index));
}

/** Why this answer to GET_DAXDEV of an index that no map uses is another index's; null: it is an index's own. */
export function strangeAnswer(
  index: bigint,
  body: Uint8Array,
  names: ReadonlyMap<bigint, string>,
): string | null {
  const asked = `GET_DAXDEV of index ${index}, which no map uses, is answered with`;
  if (body.length !== daxdevOut.size) return `${asked} ${body.length} bytes`;
  const answer = daxdevOut.read(body);
  const { name } = daxdevName(answer.name);
  const strange = `${asked} index ${answer.index} and '${name}'`;
  // What the answer's u16 cannot say is no index of a device.
  if (index >= ENDS || BigInt(answer.index) !== index) return strange;
  for (const [other, its] of names)
    if (its === name) return `${strange}, which is the device of index ${other}`;
  return null;
}
