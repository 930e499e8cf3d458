import { Batch } from "../../generators/index.ts";
import type { Profile } from "../../spec/index.ts";
import type { Question } from "../subjects/subject.ts";
import type { Circumstances } from "./ledger.ts";
import type { Placed } from "./recipes.ts";

/** A batch of a run's messages, each with its place in the run. */
export class Portion {
  readonly batch: Batch;
  private readonly places: Placed[] = [];

  constructor(capacity: number, profile: Profile) {
    this.batch = new Batch(capacity, profile);
  }

  add(placed: Placed): void {
    this.places[this.batch.count] = placed;
    this.batch.add(placed.recipe);
  }

  placed(i: number): Placed {
    return this.places[i] as Placed;
  }

  circumstances(i: number): Circumstances {
    const { position, fixed } = this.placed(i);
    return { position, fixed, tag: this.batch.tags[i] ?? null };
  }

  question(i: number): Question {
    return { message: this.batch.message(i) };
  }
}
