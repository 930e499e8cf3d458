/** What generating and judging costs in this process, for the bulk engine and for fast-check. */
import fc from "fast-check";
import { Batch, messageArb, RecipeStream } from "../../generators/index.ts";
import { KernelParser } from "../../oracles/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import type { Effort, Figure, Measured, Part } from "../part.ts";
import { inTurn, timed } from "../rounds.ts";

const N = 512;

async function run({ quick }: Effort): Promise<Measured> {
  const batch = new Batch(N);
  const stream = new RecipeStream(1);
  const oracle = new KernelParser(DEFAULT_PROFILE);
  // Written over again and again, as a run does.
  const recipes = Array.from({ length: N }, (): number[] => []);
  const generate = () => {
    batch.clear();
    while (!batch.full) batch.add(stream.next(recipes[batch.count]));
  };
  const judge = (bytes: Uint8Array) =>
    oracle.parse(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  const judged = fc.property(messageArb, ({ bytes }) => {
    judge(bytes);
  });
  const WORK = {
    "bulk, generated": generate,
    "bulk, generated and judged": () => {
      generate();
      for (let i = 0; i < batch.count; i++) {
        const start = batch.starts[i] as number;
        oracle.parse(batch.view, start, start + (batch.lengths[i] as number));
      }
    },
    "fast-check, sampled": () => void fc.sample(messageArb, { numRuns: N, seed: 1 }),
    "fast-check, asserted and judged": () => fc.assert(judged, { numRuns: N, seed: 1 }),
  };
  generate();
  const bytes = batch.frames.length / batch.count - 4;
  const paces = await inTurn(
    quick ? 1 : 30,
    Object.fromEntries(
      Object.entries(WORK).map(([name, work]) => [
        name,
        { units: N, run: (rounds: number, passes: number) => timed(rounds, passes, work) },
      ]),
    ) as Record<keyof typeof WORK, { units: number; run: (rounds: number, passes: number) => number[] }>,
  );
  const GOALS: Partial<Record<string, number>> = {
    "bulk, generated and judged": 1_500_000,
    "fast-check, asserted and judged": 500_000,
  };
  const rates = Object.entries(paces).map(([name, { best, median }]): Figure => {
    const goal = GOALS[name];
    return {
      id: `engines/${name}`,
      unit: "messages/s",
      value: 1e9 / best,
      median: 1e9 / median,
      ...(goal === undefined ? {} : { goal: { atLeast: goal } }),
    };
  });
  const part = paces["bulk, generated"].best / paces["bulk, generated and judged"].best;
  return {
    figures: [
      ...rates,
      {
        id: "engines/bulk, judged as well, to generated alone",
        unit: "times",
        value: part,
        goal: { atLeast: 0.8 },
      },
      { id: "engines/length of a message, mean", unit: "bytes", value: bytes },
    ],
  };
}

export const engines: Part = {
  summary: "messages generated and judged in process: bulk, fast-check",
  needs: [],
  run,
};
