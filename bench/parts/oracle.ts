/** The oracle beside the C parser, for each message: verdict and map, for messages of one shape and for the generated mix. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Batch, RecipeStream, recipe } from "../../generators/index.ts";
import { KernelParser, parseFmap } from "../../oracles/index.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { CLoop, compileLoop } from "../oracle/c-loop.ts";
import type { Effort, Figure, Measured, Part } from "../part.ts";
import { inTurn, timed } from "../rounds.ts";

/** Choices of the slots `count` and `strips` that stand for 8; the smaller ones and 32 are among the first. */
const EIGHT = 19;

const SHAPES = {
  "1 extent": recipe({}),
  "8 extents": recipe({ count: EIGHT }),
  "32 extents": recipe({ count: 4 }),
  "2 x 8 strips": recipe({ kind: 1, count: 1, strips: EIGHT }),
  // 3872 bytes: the most strips of 32 extents that fit one reply.
  "32 x 4 strips": recipe({ kind: 1, count: 4, strips: 3 }),
};

/** Copies of a message: as many as one would have in a batch, at addresses of their own. */
const COPIES = 8;
const MIX = 512;

function batchOf(count: number, next: () => number[]): Batch {
  const batch = new Batch(count);
  while (!batch.full) batch.add(next());
  return batch;
}

function batches(): Record<string, Batch> {
  const stream = new RecipeStream(1);
  return {
    ...Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => [name, batchOf(COPIES, () => shape)] as const),
    ),
    "generated mix": batchOf(MIX, () => stream.next()),
  };
}

async function run({ quick, folder }: Effort): Promise<Measured> {
  const arena = compileLoop(folder, "arena");
  const allocating = compileLoop(folder, "allocating", "-DALLOCATES");
  const oracle = new KernelParser(DEFAULT_PROFILE);
  const figures: Figure[] = [];
  for (const [shape, batch] of Object.entries(batches())) {
    const { view, count: units, starts, lengths } = batch;
    const messages = Array.from({ length: units }, (_, i) => batch.message(i));
    const judging = (withMap: boolean) => () => {
      for (let i = 0; i < units; i++) {
        const start = starts[i] as number;
        const rc = oracle.parse(view, start, start + (lengths[i] as number));
        if (withMap && rc === 0) oracle.map();
      }
    };
    const readable = () => {
      for (const message of messages) parseFmap(DEFAULT_PROFILE, message);
    };
    const file = join(folder, "frames");
    writeFileSync(file, batch.frames);
    const [bare, freed] = [new CLoop(arena, file), new CLoop(allocating, file)];
    const paces = await inTurn(quick ? 1 : 120, {
      "verdict and map": { units, run: (rounds, passes) => timed(rounds, passes, judging(true)) },
      "verdict alone": { units, run: (rounds, passes) => timed(rounds, passes, judging(false)) },
      "C, arena": { units, run: (rounds, passes) => bare.run(rounds, passes) },
      "C, malloc and free": { units, run: (rounds, passes) => freed.run(rounds, passes) },
      "readable verdict and map": { units, run: (rounds, passes) => timed(rounds, passes, readable) },
    });
    bare.stop();
    freed.stop();
    for (const [who, { best, median }] of Object.entries(paces))
      figures.push({ id: `oracle/${shape}/${who}`, unit: "ns", value: best, median });
    for (const [c, atMost] of [
      ["C, arena", 1.6],
      ["C, malloc and free", 1],
    ] as const) {
      const ratio = (ours: "verdict and map" | "verdict alone") => ({
        id: `oracle/${shape}/${ours} to ${c}`,
        unit: "times",
        value: paces[ours].best / paces[c].best,
      });
      // The C makes the map as well, so the goal is for both.
      figures.push({ ...ratio("verdict and map"), goal: { atMost } }, ratio("verdict alone"));
    }
  }
  return { figures };
}

export const oracle: Part = {
  summary: "the oracle beside the C parser (-O2), message by message",
  needs: ["gcc"],
  run,
};
