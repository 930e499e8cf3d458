import type { Context } from "./context.ts";

export interface Command {
  readonly help: string;
  /** Returns the exit status. */
  run(args: readonly string[], context: Context): Promise<number>;
}
