import fc from "fast-check";
import { bench, describe } from "vitest";
import { Batch, messageArb, RecipeStream } from "../generators/index.ts";
import { KernelParser } from "../oracles/index.ts";
import { DEFAULT_PROFILE } from "../spec/index.ts";

const N = 512;
const batch = new Batch(N);
const stream = new RecipeStream(1);
const oracle = new KernelParser(DEFAULT_PROFILE);

function fill(): void {
  batch.clear();
  while (!batch.full) batch.add(stream.next());
}

describe(`${N} messages`, () => {
  bench("bulk: generated into one buffer", fill);
  bench("bulk: generated and judged", () => {
    fill();
    for (let i = 0; i < batch.count; i++) {
      const start = batch.starts[i] as number;
      oracle.parse(batch.view, start, start + (batch.lengths[i] as number));
    }
  });
  bench("fast-check: sampled from messageArb", () => {
    fc.sample(messageArb, N);
  });
});
