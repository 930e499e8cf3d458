#!/usr/bin/env node
import { type Context, painter } from "./context.ts";
import { dispatch, stopsItself } from "./dispatch.ts";
import { divided } from "./options/parse.ts";
import { why } from "./store/files.ts";

const EXIT_UNWRITABLE = 2;
const EXIT_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const argv = process.argv.slice(2);

const abort = new AbortController();
let stopped: keyof typeof EXIT_SIGNAL | null = null;
for (const signal of Object.keys(EXIT_SIGNAL) as (keyof typeof EXIT_SIGNAL)[])
  process.on(signal, () => {
    // A second signal ends the process at once.
    if (stopped !== null || !stopsItself(argv[0] ?? "")) process.exit(EXIT_SIGNAL[signal]);
    stopped = signal;
    abort.abort();
  });

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that stops reading (`| head`) is not an error, and does not change the exit status.
  if (error.code === "EPIPE") return;
  process.stderr.write(`fmapspec: cannot write to standard output: ${why(error)}\n`);
  process.exit(EXIT_UNWRITABLE);
});

const context: Context = {
  paint: painter(divided(argv)[0].includes("--no-color")),
  signal: abort.signal,
  print: (text) => void process.stdout.write(text),
  say: (text) => void process.stderr.write(text),
};
const status = await dispatch(argv, context);
process.exitCode = stopped === null ? status : EXIT_SIGNAL[stopped];
