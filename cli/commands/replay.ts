import { KernelParser } from "../../oracles/index.ts";
import { type Counterexample, UsageError } from "../../suites/index.ts";
import { checkAnswer } from "../../suites/parser/check.ts";
import { sameness } from "../../suites/parser/ledger.ts";
import { misfit } from "../../suites/schema-check.ts";
import { isBreakdown, type Question } from "../../suites/subjects/subject.ts";
import type { Command } from "../command.ts";
import { readInput } from "../files.ts";
import { profileOf, readOptions } from "../options.ts";
import { SUBJECT_OPTIONS, subjectFor, subjectOf, timeoutOf } from "../subject.ts";

function readCounterexample(path: string): Counterexample {
  let json: unknown;
  try {
    json = JSON.parse(readInput(path).toString("utf8"));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const wrong = misfit("counterexample", json);
  if (wrong !== null) throw new UsageError(`${path} is no counterexample file: ${wrong}`);
  return json as Counterexample;
}

const questionOf = (c: Counterexample): Question => ({
  message: new Uint8Array(Buffer.from(c.message, "hex")),
  ...(c.failAllocation === undefined ? {} : { failAllocation: c.failAllocation }),
  ...(c.scene === undefined ? {} : { scene: c.scene }),
  ...(c.resolve === undefined ? {} : { resolve: c.resolve.map(([o, w]) => [BigInt(o), BigInt(w)] as const) }),
});

export const replay: Command = {
  summary: "run a stored counterexample again: FIXED, FAILED or DIFFERENT",
  help: `usage: fmapspec replay FILE [--kernel-source PATH | [--protocol WAY] -- CMD ARG...]

Asks the subject that FILE names, or the one given here instead, the same question once more.

  FIXED      it answers as the oracle does: exit status 0
  FAILED     it fails in the same way: 1
  DIFFERENT  it fails in another way: 1
`,
  async run(args, { print, paint }) {
    const options = readOptions(args, SUBJECT_OPTIONS);
    const [path, extra] = options.positionals;
    if (path === undefined || extra !== undefined)
      throw new UsageError("replay takes one counterexample file");
    const c = readCounterexample(path);
    const profile = profileOf(c.profile);
    const given = options.command !== null || options.values["kernel-source"] !== undefined;
    const subject = given
      ? await subjectOf(options, profile)
      : await subjectFor(c.subject, profile, timeoutOf(options));
    const question = questionOf(c);
    try {
      await subject.start();
      const answer = await subject.question(question);
      const oracle = new KernelParser(profile);
      const { difference, seen } = checkAnswer(profile, oracle, question, answer);
      const found: string[] = [];
      for (const s of isBreakdown(answer) ? [] : seen) {
        const site = s.site > 0 ? ` at ${(await subject.site?.(s.site)) ?? `site ${s.site}`}` : "";
        found.push(`${s.what}${site}`);
      }
      const now = c.kind === "finding" ? found : difference === null ? [] : [difference.actual];
      const same = now.some((actual) => sameness(actual) === sameness(c.actual));
      if (now.length === 0) {
        print(`${paint("green", "FIXED")} ${c.rule}\n`);
        return 0;
      }
      const how = same ? "FAILED" : "DIFFERENT";
      print(`${paint("red", how)} ${c.rule}: ${now.join("; ")}\n`);
      if (!same) print(`  when it was stored: ${c.actual}\n`);
      return 1;
    } finally {
      await subject.stop();
    }
  },
};
