import type { Context } from "../context.ts";

/** One option of a command. Parsing, `--help`, completion and docs/options.md all come from this. */
export interface Option<T = unknown> {
  /** What its value is called in the help; an option without one is a flag. */
  readonly takes?: string;
  readonly short?: string;
  readonly about: string;
  /** What completion offers for its value: words (after one that ends in `=` a path follows), or any path. */
  readonly offers?: Offers;
  /** Its value from all that were given for it, in their order. Throws UsageError, which names it as `--name`. */
  read(given: readonly string[], name: string): T;
}

export type Offers = readonly string[] | "paths";

export type Options = Readonly<Record<string, Option>>;

/** The arguments of a command that are neither options nor a program. */
export interface Operand {
  /** As in the help: `RULE`. */
  readonly takes: string;
  /** What one is: `rule`, `failure file`. */
  readonly noun: string;
  readonly count: "one" | "at most one" | "at least one" | "any number";
  readonly offers?: Offers;
}

type Values<O> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** What a command line says. */
export interface Parsed<O = Options> {
  /** The value of every option, given or not. */
  readonly values: Values<O>;
  /** Names of the options that are on the command line. */
  readonly given: ReadonlySet<string>;
  readonly operands: readonly string[];
  /** The program behind `--`; null: there is no `--`. */
  readonly program: readonly string[] | null;
}

type Intersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;

/** Options by the heading that they stand under in the help. */
type Sections = Readonly<Record<string, Options>>;

export interface Command<S extends Sections = Sections> {
  /** What it does, in lines that are ready to print. */
  readonly about: string;
  readonly options: S;
  readonly operand?: Operand;
  /** The program that it can start, as in the help: `CMD ARG...`. */
  readonly program?: string;
  /** What the help says behind the options. */
  readonly closing?: string;
  /** Returns the exit status. Throws UsageError and SubjectError. */
  run(parsed: Parsed<Intersection<S[keyof S]>>, context: Context): Promise<number>;
}

/** Has TypeScript derive the types of the values that `run` gets from the table. */
export const command = <const S extends Sections>(declared: Command<S>): Command => declared as Command;

interface Entry {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Whether it ends by itself, with the results so far, when its context's signal fires. */
  readonly stops?: true;
  /** Loads its module. Only the command that runs is loaded: a driver then starts in a fraction of the time. */
  load(): Promise<Command>;
}

/** Every command by its name. */
export type Commands = Readonly<Record<string, Entry>>;

/** The options of a command, without headings. */
export const optionsOf = (c: Command): Options => Object.assign({}, ...Object.values(c.options));
