import type { Counterexample } from "../suites/index.ts";
import { word } from "./shell.ts";

/** The line that runs a stored counterexample again: a command, or a call where the subject is a function of a program. */
export const replayLine = ({ subject }: Counterexample, stored: string): string =>
  subject.kind === "function"
    ? `await replay(JSON.parse(readFileSync(${JSON.stringify(stored)}, "utf8")), ${subject.name})`
    : `fmapspec replay ${word(stored)}`;
