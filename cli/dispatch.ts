import { SubjectError, UsageError } from "../base/errors.ts";
import { COMMANDS } from "./command-table.ts";
import { type Context, VERSION } from "./context.ts";

function overview(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(17)} ${summary}`);
  return `fmapspec ${VERSION}: conformance suite for the famfs GET_FMAP message of FUSE

usage: fmapspec COMMAND [options] [-- CMD ARG...]

${lines.join("\n")}

fmapspec COMMAND --help says more. Exit status: 0 conforming, 1 not conforming, 2 usage,
3 the subject could not be started or attached, or the suite broke,
4 inconclusive: nothing failed, but something that the verdict needs was not checked,
130 and 143 after SIGINT and SIGTERM.
`;
}

const EXIT_USAGE = 2;
const EXIT_BROKEN = 3;

/** Whether a command ends by itself when its context's signal fires, with what it has so far. */
export const stopsItself = (name: string): boolean =>
  Object.hasOwn(COMMANDS, name) && COMMANDS[name]?.stops === true;

/** Runs the command that the arguments name; returns the exit status. Never throws: what went wrong is said. */
export async function dispatch(argv: readonly string[], context: Context): Promise<number> {
  try {
    return await run(argv, context);
  } catch (error) {
    if (error instanceof UsageError || error instanceof SubjectError) {
      context.say(`fmapspec: ${error.message}\n`);
      return error.exitStatus;
    }
    // What the system refuses, such as a temporary file, is nobody's bug.
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
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    context.print(overview());
    return name === undefined ? EXIT_USAGE : 0;
  }
  if (name === "--version") {
    context.print(`${VERSION}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.load() : undefined;
  if (command === undefined)
    throw new UsageError(`there is no command '${name}'; there are ${Object.keys(COMMANDS).join(", ")}`);
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.includes("--help") || own.includes("-h")) {
    context.print(command.help);
    return 0;
  }
  return command.run(args, context);
}
