import { describe, expect, it } from "vitest";
import { Batch } from "./batch.ts";
import { build } from "./build.ts";
import { RecipeStream } from "./bulk.ts";
import { MAX_MESSAGE } from "./draft.ts";
import { recipe } from "./recipe.ts";
import { hexOf } from "./test/laws.ts";

/** The messages of a run of frames, as hex; fails when they do not fill it exactly. */
function messagesOf(frames: Uint8Array): string[] {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.length);
  const messages: string[] = [];
  let at = 0;
  while (at < frames.length) {
    const length = view.getUint32(at, true);
    messages.push(hexOf(frames.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  expect(at).toBe(frames.length);
  return messages;
}

const filled = (n: number, seed = 1) => {
  const stream = new RecipeStream(seed);
  const batch = new Batch(n);
  for (let i = 0; i < n; i++) batch.add(stream.next());
  return batch;
};

it("is a run of driver frames, one for each message", () => {
  const batch = filled(200);
  expect(batch.count).toBe(200);
  const messages = messagesOf(batch.frames);
  for (let i = 0; i < 200; i++) {
    const { bytes, tags } = build(batch.recipes[i] as number[]);
    expect(messages[i]).toBe(hexOf(bytes));
    expect(hexOf(batch.message(i))).toBe(hexOf(bytes));
    expect([batch.lengths[i], batch.view.getUint32((batch.starts[i] as number) - 4, true)]).toEqual([
      bytes.length,
      bytes.length,
    ]);
    expect(batch.tags[i]).toBe(tags.length === 1 ? tags[0] : null);
  }
});

it("gives a message in bytes of its own", () => {
  const batch = filled(3);
  const message = batch.message(1);
  batch.bytes.fill(0xff);
  expect(hexOf(message)).toBe(hexOf(build(batch.recipes[1] as number[]).bytes));
});

it("keeps frames of messages without a byte", () => {
  const batch = new Batch(2);
  batch.add(recipe({ tail: 1 }));
  batch.add(recipe({}));
  expect(messagesOf(batch.frames).map((m) => m.length)).toEqual([0, 2 * 56]);
});

it("takes back the last message", () => {
  const batch = filled(5);
  const before = hexOf(batch.frames.subarray(0, (batch.starts[4] as number) - 4));
  batch.dropLast();
  expect(batch.count).toBe(4);
  expect(hexOf(batch.frames)).toBe(before);
  batch.add(recipe({}));
  expect(messagesOf(batch.frames)[4]).toBe(hexOf(build(recipe({})).bytes));
});

it("is as good as new when it was cleared", () => {
  const batch = filled(50, 1);
  batch.clear();
  expect([batch.count, batch.frames.length]).toEqual([0, 0]);
  const stream = new RecipeStream(2);
  for (let i = 0; i < 50; i++) batch.add(stream.next());
  expect(hexOf(batch.frames)).toBe(hexOf(filled(50, 2).frames));
});

describe("is full", () => {
  it("at its capacity", () => {
    const batch = new Batch(2);
    expect(batch.full).toBe(false);
    batch.add(recipe({}));
    expect(batch.full).toBe(false);
    batch.add(recipe({}));
    expect(batch.full).toBe(true);
  });

  it("when the longest message might not fit any more, and never before it has one", () => {
    const longest = recipe({ kind: 1, count: 75, strips: 75, tail: 3, tailAt: 65_535 });
    expect(build(longest).bytes.length).toBeGreaterThan(MAX_MESSAGE - 1024);
    for (const capacity of [1, 10, 100]) {
      const batch = new Batch(capacity);
      expect(batch.full).toBe(false);
      while (!batch.full) batch.add(longest);
      expect(batch.count).toBeGreaterThan(0);
      expect(new Set(messagesOf(batch.frames))).toEqual(new Set([hexOf(build(longest).bytes)]));
      expect(messagesOf(batch.frames)).toHaveLength(batch.count);
    }
  });
});
