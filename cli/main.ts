#!/usr/bin/env node
import { SubjectError, UsageError } from "../suites/index.ts";
import type { Command } from "./command.ts";
import { driver } from "./commands/driver.ts";
import { explain } from "./commands/explain.ts";
import { judge } from "./commands/judge.ts";
import { list } from "./commands/list.ts";
import { parser } from "./commands/parser.ts";
import { replay } from "./commands/replay.ts";
import { selftest } from "./commands/selftest.ts";
import { type Context, painter, VERSION } from "./context.ts";

const COMMANDS: Readonly<Record<string, Command>> = {
  parser,
  judge,
  driver,
  list,
  explain,
  replay,
  selftest,
};

const OVERVIEW = `fmapspec ${VERSION}: conformance suite for the famfs GET_FMAP message of FUSE

usage: fmapspec COMMAND [options] [-- CMD ARG...]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}

fmapspec COMMAND --help says more. Exit status: 0 conforming, 1 not conforming, 2 usage,
3 the subject could not be started or the suite broke, 130 and 143 after SIGINT and SIGTERM.
`;

const EXIT_USAGE = 2;

const EXIT_BROKEN = 3;
const EXIT_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(OVERVIEW);
    return name === undefined ? EXIT_USAGE : 0;
  }
  if (name === "--version") {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined)
    throw new UsageError(`there is no command '${name}'; there are ${Object.keys(COMMANDS).join(", ")}`);
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.includes("--help") || own.includes("-h")) {
    process.stdout.write(command.help);
    return 0;
  }
  const abort = new AbortController();
  let stopped: keyof typeof EXIT_SIGNAL | null = null;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      // The second one means it.
      if (stopped !== null) process.exit(EXIT_SIGNAL[signal]);
      stopped = signal;
      abort.abort();
    });
  const context: Context = {
    paint: painter(own.includes("--no-color")),
    signal: abort.signal,
    print: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
  };
  const status = await command.run(args, context);
  return stopped === null ? status : EXIT_SIGNAL[stopped];
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError || error instanceof SubjectError) {
    process.stderr.write(`fmapspec: ${error.message}\n`);
    process.exitCode = error.exitStatus;
  } else {
    process.stderr.write(`fmapspec is broken, please report this: ${(error as Error).stack}\n`);
    process.exitCode = EXIT_BROKEN;
  }
}
