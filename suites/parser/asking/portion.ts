import { Batch, type Recipe } from "../../../generators/index.ts";
import type { Profile } from "../../../spec/index.ts";
import type { Question } from "../../../subjects/driver/subject.ts";
import type { Circumstances } from "../failures/ledger.ts";
import type { Recipes } from "./recipes.ts";

/** A batch of a run's messages, each with its place in the run. */
export class Portion {
  readonly batch: Batch;
  private readonly positions: Float64Array;
  private readonly fixed: Uint8Array;
  /** Written over again and again: in a long run a recipe of its own for each message is a fifth of the work. */
  private readonly recipes: number[][];

  constructor(capacity: number, profile: Profile) {
    this.batch = new Batch(capacity, profile);
    this.positions = new Float64Array(capacity);
    this.fixed = new Uint8Array(capacity);
    this.recipes = Array.from({ length: capacity }, () => []);
  }

  /** Takes the next message of the run; says whether there was one. */
  take(from: Recipes): boolean {
    const i = this.batch.count;
    const recipe = from.next(this.recipes[i]);
    if (recipe === null) return false;
    this.positions[i] = from.position;
    this.fixed[i] = from.fixed ? 1 : 0;
    this.batch.add(recipe);
    return true;
  }

  position(i: number): number {
    return this.positions[i] as number;
  }

  /** Until the portion is filled again. */
  recipe(i: number): Recipe {
    return this.batch.recipes[i] as Recipe;
  }

  circumstances(i: number): Circumstances {
    return {
      position: this.position(i),
      fixed: this.fixed[i] === 1,
      tag: this.batch.tags[i] ?? null,
    };
  }

  question(i: number): Question {
    return { message: this.batch.message(i) };
  }
}
