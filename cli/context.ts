import { coloured, type Paint, plain } from "../reports/line.ts";

export { VERSION } from "../base/package-root.ts";

/** The surroundings of a command: its colours, its signal, its output. */
export interface Context {
  readonly paint: Paint;
  /** Fires at SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Writes a result to stdout. */
  print(text: string): void;
  /** Writes progress, notes and errors to stderr. */
  say(text: string): void;
}

/** NO_COLOR, FORCE_COLOR, TERM=dumb and --no-color, in the order in which they win. */
export function painter(noColor: boolean): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (noColor || NO_COLOR) return plain;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR === "0" ? plain : coloured;
  return process.stdout.isTTY && TERM !== "dumb" ? coloured : plain;
}
