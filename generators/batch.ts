import { DEFAULT_PROFILE, type Profile, type RuleId } from "../spec/index.ts";
import { buildInto } from "./build.ts";
import { Draft, MAX_MESSAGE } from "./draft.ts";
import type { Recipe } from "./recipe.ts";

/** Bytes in front of each message in a batch: its length as u32, which makes the batch a run of driver frames. */
const PREFIX = 4;

/**
 * Many messages in one buffer, as driver frames (`u32le length, bytes`), so that a batch can be written to a driver
 * unchanged. A batch is filled, judged and emptied again and again without allocations.
 */
export class Batch {
  readonly capacity: number;
  count = 0;
  /** Offset of each message's first byte in `bytes`, and its length. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  /** The recipe of each message, and the one rule that it is made to break or to exercise; null: none or several. */
  readonly recipes: Recipe[] = [];
  readonly tags: (RuleId | null)[] = [];
  private end = 0;
  private readonly draft: Draft;

  constructor(capacity: number, profile: Profile = DEFAULT_PROFILE) {
    this.capacity = capacity;
    this.starts = new Int32Array(capacity);
    this.lengths = new Int32Array(capacity);
    // The average message is below 1 KiB; a batch without room for another message is full before its capacity.
    this.draft = new Draft(new Uint8Array(capacity * 1024 + 3 * MAX_MESSAGE), profile);
  }

  get bytes(): Uint8Array {
    return this.draft.bytes;
  }
  get view(): DataView {
    return this.draft.view;
  }
  /** The frames of all messages. */
  get frames(): Uint8Array {
    return this.bytes.subarray(0, this.end);
  }
  get full(): boolean {
    return this.count === this.capacity || this.end + PREFIX + 2 * MAX_MESSAGE > this.bytes.length;
  }

  clear(): void {
    this.count = this.end = 0;
  }

  /** Builds the recipe's message behind the others. Keeps the recipe without copying it. */
  add(recipe: Recipe): void {
    const length = buildInto(this.draft, this.end + PREFIX, recipe);
    const { tags, ntags } = this.draft;
    this.recipes[this.count] = recipe;
    this.tags[this.count] = ntags === 1 ? (tags[0] as RuleId) : null;
    this.view.setUint32(this.end, length, true);
    this.starts[this.count] = this.end + PREFIX;
    this.lengths[this.count] = length;
    this.end += PREFIX + length;
    this.count++;
  }

  /** Removes the last message. */
  dropLast(): void {
    this.count--;
    this.end = (this.starts[this.count] as number) - PREFIX;
  }

  /** A copy of the i-th message. */
  message(i: number): Uint8Array {
    const start = this.starts[i] as number;
    return this.bytes.slice(start, start + (this.lengths[i] as number));
  }
}
