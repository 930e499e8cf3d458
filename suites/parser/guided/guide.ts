import { type Recipe, RecipeMutator, RecipeStream } from "../../../generators/index.ts";
import type { Profile } from "../../../spec/index.ts";
import type { ParserSubject } from "../../../subjects/driver/subject.ts";
import type { Portion } from "../asking/portion.ts";
import { type Extent, fixedRecipes, type Recipes, recipeCount } from "../asking/recipes.ts";
import type { SearchReport } from "../outcome.ts";
import { Corpus } from "./corpus.ts";
import { OracleFeatures } from "./oracle-features.ts";

/** Keeps the seed of what is mutated apart from the seed of the plain stream. */
const MUTATOR_SEED = 0x67756964;

/**
 * Recipes made from those that have shown something before: to the oracle, or in the C of a subject that is watched for it.
 * What comes next depends on all that came before, so that there are no parts of such a run.
 */
export class Guide {
  private readonly features: OracleFeatures;
  private readonly corpus: Corpus;
  private keptForSource = 0;

  constructor(profile: Profile, seed: number) {
    this.features = new OracleFeatures(profile);
    this.corpus = new Corpus(new RecipeMutator(seed ^ MUTATOR_SEED), new RecipeStream(seed));
  }

  /** The recipes of a run: the fixed table as in any other one, then what is made of what was kept. */
  recipes(extent: Extent, pace: ParserSubject["pace"]): Recipes {
    return new GuidedRecipes(fixedRecipes(extent, pace), this.corpus, recipeCount(extent, pace));
  }

  /** Keeps the i-th recipe of a portion if its message is something new to the oracle. */
  look({ batch }: Portion, i: number): void {
    const [start, length] = [batch.starts[i] as number, batch.lengths[i] as number];
    if (this.features.look(batch.view, start, start + length) > 0)
      this.corpus.keep([...(batch.recipes[i] as Recipe)], length, "oracle");
  }

  /** Keeps the recipes of a portion that reached something new in the subject's own code. */
  learn(portion: Portion, { reached }: Pick<ParserSubject, "reached">): void {
    if (reached === undefined) return;
    for (let i = 0; i < portion.batch.count; i++)
      if (reached(i) > 0) {
        this.corpus.keep([...portion.recipe(i)], portion.batch.lengths[i] as number, "source");
        this.keptForSource++;
      }
  }

  report(): SearchReport {
    return {
      features: this.features.reached.count,
      kept: this.corpus.size,
      keptForSource: this.keptForSource,
    };
  }
}

class GuidedRecipes implements Recipes {
  position = -1;
  fixed = true;
  private readonly table: Iterator<Recipe>;
  private readonly corpus: Corpus;
  private readonly count: number;

  constructor(table: Iterator<Recipe>, corpus: Corpus, count: number) {
    this.table = table;
    this.corpus = corpus;
    this.count = count;
  }

  next(): Recipe | null {
    if (this.position + 1 === this.count) return null;
    this.position++;
    if (this.fixed) {
      const { value, done } = this.table.next();
      if (done !== true) return value;
      this.fixed = false;
    }
    return this.corpus.next();
  }
}
