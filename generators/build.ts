import { DEFAULT_PROFILE, fmapHeader, type Profile, type RuleId } from "../spec/index.ts";
import { countOf, writeBase } from "./base.ts";
import { Draft, HEADER, MAX_MESSAGE, MiB } from "./draft.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { applyNoise } from "./noise.ts";
import { type Recipe, slotIndex } from "./recipe.ts";

const at = {
  kind: slotIndex("kind"),
  count: slotIndex("count"),
  strips: slotIndex("strips"),
  ragged: slotIndex("ragged"),
  lengths: slotIndex("lengths"),
  offsets: slotIndex("offsets"),
  fit: slotIndex("fit"),
  fault1: slotIndex("fault1"),
  fault2: slotIndex("fault2"),
  refit: slotIndex("refit"),
  tail: slotIndex("tail"),
  noise: slotIndex("noise"),
};

/** Numbers that are added to the fitted file_size, or replace it if `set`. */
const FITS = [
  { hi: 0, lo: 0 },
  { hi: 0, lo: 1 },
  { hi: 0xffffffff, lo: 0xffffffff },
  { set: true, hi: 0, lo: 0 },
  { hi: 0, lo: 2 * MiB },
  { hi: 0xffffffff, lo: 0xffe00000 },
  { set: true, hi: 0, lo: 1 },
  { set: true, hi: 0xffffffff, lo: 0xffffffff },
  { set: true, hi: 0x80000000, lo: 0 },
  { set: true, hi: 0x7fffffff, lo: 0xffffffff },
  { hi: 1, lo: 0 },
  { hi: 0xffffffff, lo: 0 },
  { hi: 0x80000000, lo: 0 },
  { hi: 0x80000000, lo: 1 },
  { set: true, hi: 1, lo: 0 },
  { set: true, hi: 0, lo: 0x80000000 },
] as const;

/**
 * Builds the recipe's message at byte `start` of the draft and returns its length.
 * The draft's `tags` then name the rules that the recipe is made to break or to exercise.
 */
export function buildInto(d: Draft, start: number, r: Recipe): number {
  const choice = (slot: number) => r[slot] as number;
  const interleaved = choice(at.kind) === 1;
  const extents = countOf(choice(at.count));
  const strips = countOf(choice(at.strips));
  writeBase(d, start, {
    interleaved,
    extents,
    strips,
    ragged: choice(at.ragged),
    lengths: choice(at.lengths),
    offsets: choice(at.offsets),
  });
  tagShape(d, extents, strips, choice(at.offsets));
  applyFit(d, choice(at.fit));
  const faulty = applyFault(d, r, at.fault1);
  if (applyFault(d, r, at.fault2) || faulty) {
    if (choice(at.refit) === 1) {
      d.fitFileSize();
      applyFit(d, choice(at.fit));
    }
  }
  applyTail(d, choice(at.tail), choice(at.tail + 1));
  const noise = choice(at.noise);
  if (noise > 0) applyNoise(d, noise, choice(at.noise + 1), choice(at.noise + 2));
  return d.length;
}

function tagShape(d: Draft, extents: number, strips: number, offsets: number): void {
  const { maxExtents, maxStrips } = d.profile.limits;
  if (maxExtents !== null && extents > maxExtents) d.tag("fmap/header/nextents-limit");
  if (d.interleaved && maxStrips !== null && strips > maxStrips) d.tag("fmap/interleaved/nstrips-limit");
  if (offsets === 3) d.tag("fmap/ignored/overlap");
}

function applyFit(d: Draft, choice: number): void {
  if (choice === 0) return;
  const fit = FITS[choice % FITS.length] as (typeof FITS)[number];
  if ("set" in fit) d.u64(HEADER.fileSize, fit.hi, fit.lo);
  else d.add64(HEADER.fileSize, fit.hi, fit.lo);
  d.tag(
    choice === 3
      ? "fmap/ignored/file-size-zero"
      : d.interleaved
        ? "fmap/interleaved/remainder"
        : "fmap/total/file-size",
  );
}

/** Applies the fault of the three slots from `slot` on; returns whether there is one. */
function applyFault(d: Draft, r: Recipe, slot: number): boolean {
  const choice = r[slot] as number;
  if (choice === 0) return false;
  const fault = FAULTS[(choice - 1) % FAULTS.length] as Fault;
  const rule: RuleId | null = d.interleaved ? fault.interleaved : fault.simple;
  if (rule === null) return false;
  fault.apply(d, r[slot + 1] as number, (r[slot + 2] as number) % fault.values);
  d.tag(rule);
  return true;
}

function applyTail(d: Draft, kind: number, n: number): void {
  if (kind === 1) cutTo(d, Math.min(n, d.length));
  else if (kind === 2) cutTo(d, Math.max(0, d.length - n));
  else if (kind === 3 && n > 0) {
    const more = n % Math.max(1, MAX_MESSAGE - d.length);
    const from = d.append(more);
    d.bytes.fill(0xa5, d.start + from, d.start + d.length);
    d.tag("fmap/ignored/trailing-bytes");
  }
}

function cutTo(d: Draft, length: number): void {
  if (length < d.length)
    d.tag(
      length < fmapHeader.size
        ? "fmap/header/underflow"
        : d.interleaved
          ? "fmap/interleaved/strips-underflow"
          : "fmap/simple/underflow",
    );
  d.length = length;
}

export interface Built {
  readonly bytes: Uint8Array;
  readonly tags: readonly RuleId[];
}

/** Shared by all calls, because `build` copies the result. */
const scratch = new Draft();

/** The recipe's message for that profile, as new bytes. */
export function build(r: Recipe, profile: Profile = DEFAULT_PROFILE): Built {
  scratch.profile = profile;
  const length = buildInto(scratch, 0, r);
  return { bytes: scratch.bytes.slice(0, length), tags: scratch.tags.slice(0, scratch.ntags) };
}
