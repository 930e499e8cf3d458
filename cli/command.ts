import type { Context } from "./context.ts";

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** Returns the exit status. */
  run(args: readonly string[], context: Context): Promise<number>;
}
