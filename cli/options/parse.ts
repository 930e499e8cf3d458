import { parseArgs } from "node:util";
import { UsageError } from "../../base/errors.ts";
import { noSuch } from "../../base/similar.ts";
import { flag } from "./kinds.ts";
import { type Command, type Operand, type Options, optionsOf, type Parsed } from "./table.ts";

/** Options of every command. */
export const COMMON = {
  help: flag("describe the command, and stop", "h"),
  "no-color": flag("no colours, as with NO_COLOR in the environment"),
};

/** The arguments in front of `--`, and those behind it; null: there is no `--`. */
export function divided(
  args: readonly string[],
): [own: readonly string[], program: readonly string[] | null] {
  const end = args.indexOf("--");
  return end < 0 ? [args, null] : [args.slice(0, end), args.slice(end + 1)];
}

/** Reads the arguments of a command. Throws UsageError with what was expected and what to do. */
export function parse(name: string, declared: Command, args: readonly string[]): Parsed {
  const [own, program] = divided(args);
  const options: Options = { ...COMMON, ...optionsOf(declared) };
  const help = `fmapspec ${name} --help`;
  const { tokens } = parseArgs({
    args: [...own],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([key, { takes, short }]) => [
        key,
        { type: takes === undefined ? "boolean" : "string", ...(short !== undefined && { short }) },
      ]),
    ),
  });
  const given = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const { rawName, value = "", inlineValue } = token;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) {
      const known = Object.keys(options).map((key) => `--${key}`);
      throw noSuch("option", rawName, known, `${help} lists the options`);
    }
    if (option.takes === undefined && inlineValue === true)
      throw new UsageError(`${rawName} takes no value, not '${value}'`);
    if (option.takes !== undefined && token.value === undefined)
      throw new UsageError(`${rawName} needs a value: ${rawName} ${option.takes}`);
    if (inlineValue === false && /^-./.test(value))
      throw new UsageError(`what follows ${rawName} looks like an option; write ${rawName}=VALUE`);
    given.set(token.name, [...(given.get(token.name) ?? []), value]);
  }
  if (program !== null && declared.program === undefined)
    throw new UsageError(`${name} starts no program: nothing goes behind --`);
  if (program?.length === 0)
    throw new UsageError(`there is no command behind --: ${name} takes -- ${declared.program}`);
  checkOperands(name, declared, operands);
  const values = Object.entries(options).map(([key, option]) => [
    key,
    option.read(given.get(key) ?? [], `--${key}`),
  ]);
  return { values: Object.fromEntries(values), given: new Set(given.keys()), operands, program };
}

const LEAST: Record<Operand["count"], number> = {
  one: 1,
  "at most one": 0,
  "at least one": 1,
  "any number": 0,
};

function checkOperands(name: string, { operand, program }: Command, operands: readonly string[]): void {
  const [first] = operands;
  if (operand === undefined) {
    if (first === undefined) return;
    const instead = program === undefined ? "" : `; a program to start goes behind --: -- ${program}`;
    throw new UsageError(`'${first}' is not an option, and ${name} takes no arguments${instead}`);
  }
  const { takes, noun, count } = operand;
  if (operands.length < LEAST[count])
    throw new UsageError(`${name} takes ${count} ${noun}: fmapspec ${name} ${takes}`);
  if (count.endsWith("one") && count !== "at least one" && operands.length > 1)
    throw new UsageError(`${name} takes ${count} ${noun}; '${operands[1]}' is one too many`);
}
