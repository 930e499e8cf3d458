import { SubjectError, UsageError } from "../base/errors.ts";
import { noSuch } from "../base/similar.ts";
import { COMMANDS } from "./command-table.ts";
import { type Context, VERSION } from "./context.ts";
import { renderHelp, renderOverview } from "./options/help.ts";
import { divided, parse } from "./options/parse.ts";

const EXIT_USAGE = 2;
const EXIT_BROKEN = 3;

/** Whether a command ends by itself, with the results so far, when its context's signal fires. */
export const stopsItself = (name: string): boolean =>
  Object.hasOwn(COMMANDS, name) && COMMANDS[name]?.stops === true;

/** Runs the command that the arguments name; returns the exit status. Never throws: errors go to stderr. */
export async function dispatch(argv: readonly string[], context: Context): Promise<number> {
  try {
    return await run(argv, context);
  } catch (error) {
    if (error instanceof UsageError || error instanceof SubjectError) {
      context.say(`fmapspec: ${error.message}\n`);
      return error.exitStatus;
    }
    // A refusal of the system, such as of a temporary file, is not a bug of ours.
    const { syscall, message, stack } = error as NodeJS.ErrnoException;
    context.say(
      syscall === undefined
        ? `fmapspec is broken, please report this: ${stack}\n`
        : `fmapspec: the system refused: ${message}\n`,
    );
    return EXIT_BROKEN;
  }
}

async function run([name, ...args]: readonly string[], context: Context): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    context.print(renderOverview(COMMANDS, VERSION));
    return name === undefined ? EXIT_USAGE : 0;
  }
  if (name === "--version") {
    context.print(`${VERSION}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.load() : undefined;
  if (command === undefined) throw noSuch("command", name, Object.keys(COMMANDS));
  const [own] = divided(args);
  if (own.includes("--help") || own.includes("-h")) {
    context.print(renderHelp(name, command));
    return 0;
  }
  return command.run(parse(name, command, args), context);
}
