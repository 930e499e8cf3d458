import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { boundaryRecipes, build } from "../generators/index.ts";
import { parseFmap } from "../oracles/index.ts";
import { DEFAULT_PROFILE, type RuleId } from "../spec/index.ts";
import { ExecSubject } from "../subjects/driver/exec.ts";
import { FramesSubject } from "../subjects/driver/frames.ts";
import { NdjsonSubject } from "../subjects/driver/ndjson.ts";
import type { ParserSubject, Protocol } from "../subjects/driver/subject.ts";
import { available } from "./tools.ts";

/** Whether a driver in exec mode can tell one message from another: it is a shell script. */
export const execTells = (): boolean => available("od", "coreutils");

/** Milliseconds for those who do not break down by being late. */
const AMPLE = 20_000;

export interface BadDriver {
  readonly command: readonly string[];
  readonly subject: ParserSubject;
  /** Command lines of processes of the driver, and of its children, that are still there; waits a while for none. */
  left(): Promise<string[]>;
  /** Whether a process of the driver is there now. */
  isThere(): boolean;
}

/**
 * A driver that does one `deed` of fixtures/bad-driver.mjs, or of bad-exec.sh for exec, where `trigger` says, and else
 * answers as the oracle does, or in exec mode skips the message.
 * `timeout` in milliseconds.
 */
export function badDriver(protocol: Protocol, deed: string, trigger = "all", timeout = AMPLE): BadDriver {
  const marker = randomUUID();
  const fixture = (name: string) => join(PACKAGE_ROOT, "test/fixtures", name);
  const program =
    protocol === "exec"
      ? ["sh", fixture("bad-exec.sh")]
      : [process.execPath, fixture("bad-driver.mjs"), protocol];
  const command = [...program, deed, trigger, marker];
  return {
    command,
    subject: driverSubject(protocol, command, timeout),
    left: () => processesWith(marker),
    isThere: () => commandLines().some((line) => line.includes(marker)),
  };
}

export function driverSubject(
  protocol: Protocol,
  command: readonly string[],
  timeout = AMPLE,
): ParserSubject {
  const description = { kind: "driver", protocol, command } as const;
  if (protocol === "frames") return new FramesSubject(description, command, timeout);
  if (protocol === "exec") return new ExecSubject(description, command, timeout);
  return new NdjsonSubject(description, command, DEFAULT_PROFILE.name, timeout);
}

/** A killed process may need a moment to be gone. */
const MOMENT = 3000;

/** Command lines that have `marker` in them, of processes that do not go away. */
export async function processesWith(marker: string): Promise<string[]> {
  let found: string[] = [];
  for (const end = Date.now() + MOMENT; Date.now() < end; await setTimeout(20)) {
    found = commandLines().filter((line) => line.includes(marker));
    if (found.length === 0) break;
  }
  return found;
}

/** Without our own program's: a test may have the marker among its arguments. */
const commandLines = () =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((line) => !line.includes("dist/cli/main.js"));

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
  } catch {
    return ""; // gone meanwhile
  }
}

/** The messages that every run begins with, in hex, each once. */
export const TABLE: readonly string[] = [
  ...new Set([...boundaryRecipes(true)].map((recipe) => Buffer.from(build(recipe).bytes).toString("hex"))),
];

/** The first message of the table that the rule decides, or that is accepted where it is `null`. */
export function tableMessage(rule: RuleId | null): string {
  const found = TABLE.find((hex) => {
    const verdict = parseFmap(DEFAULT_PROFILE, Buffer.from(hex, "hex"));
    return rule === null
      ? verdict.verdict === "accept"
      : verdict.verdict === "reject" && verdict.rule === rule;
  });
  if (found === undefined) throw new Error(`no message of the table is decided by ${rule}`);
  return found;
}
