import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sealed } from "../../base/digest.ts";
import { SubjectError } from "../../base/errors.ts";
import { crashResult, kunitResult, parserResult, type Result } from "../../reports/index.ts";
import { hexOf, type Profile } from "../../spec/index.ts";
import { decidingRule, messageInFlight } from "../../subjects/in-kernel/crash.ts";
import { kunitOutcomes, kunitStream, nextVector } from "../../subjects/in-kernel/kunit-run.ts";
import type { Booted } from "../../subjects/in-kernel/uml/guest.ts";
import type { UmlKernel } from "../../subjects/in-kernel/uml/kernel.ts";
import type { ParserModules } from "../../subjects/in-kernel/uml/modules.ts";
import type { ParserReport } from "../../suites/index.ts";
import { PARSER_SUITE } from "../../suites/parser/states.ts";
import { mergeShards, type ShardReport } from "../../suites/run/states.ts";
import { VERSION } from "../context.ts";
import { writeFile } from "../store/files.ts";
import { REPORT, store } from "../store/output.ts";

/** The parts of a run in a guest. */
export interface Plan {
  readonly profile: Profile;
  readonly seed: number;
  readonly runs: number;
  readonly out: string;
  readonly kernel: UmlKernel;
  readonly modules: ParserModules;
  readonly strict: boolean;
}

/** The results of all guests' jobs: one for KUnit, for the stream and for the live mount. */
export async function resultsOf(
  plan: Plan,
  guests: readonly Booted[],
  again: string,
  seconds: number,
): Promise<Result[]> {
  const found: Result[] = [];
  const shards: ShardReport<ParserReport>[] = [];
  for (const guest of guests)
    for (const [job, status] of guest.statuses) {
      if (status === null) {
        found.push(crashed(plan, guest, job, again, seconds));
        break;
      }
      if (job === "kunit") found.push(await kunit(plan, guest, again, seconds));
      else if (job === "live") found.push(storedReport(plan, job, await reportOf(guest, job)));
      else shards.push(await reportOf(guest, job));
    }
  if (shards.length > 0 && !found.some(({ suite }) => suite === "parser"))
    found.push(storedReport(plan, "stream", mergeShards(PARSER_SUITE, shards, null)));
  return found;
}

const subjectText = ({ kernel }: Plan) => `User Mode Linux ${kernel.release}, built with ${kernel.compiler}`;

function notesOf({ kernel, modules }: Plan): string[] {
  return [
    ...kernel.without.map((name) => `this kernel has no ${name}: what it would see is not seen`),
    ...(modules.why === null ? [] : [`no live mount: ${modules.why}`]),
  ];
}

async function kunit(plan: Plan, { folder }: Booted, again: string, seconds: number): Promise<Result> {
  const log = await readFile(join(folder, "kunit.out"), "utf8");
  const cases = kunitOutcomes(plan.profile, log);
  if (cases.every((c) => c.outcome === "not-run"))
    throw new SubjectError(
      `KUnit ran nothing in the guest: ${(await readFile(join(folder, "kunit.err"), "utf8")).trim() || "no suite is there"}`,
    );
  const complete = cases.every((c) => c.outcome !== "not-run");
  const report = {
    suite: "kunit",
    profile: plan.profile.name,
    version: VERSION,
    subject: subjectText(plan),
    cases,
    notes: notesOf(plan),
    seconds,
    complete,
    strict: plan.strict,
  } as const;
  const path = join(plan.out, "kunit.json");
  const result = kunitResult(report, path, again);
  writeFile(path, `${JSON.stringify(result.document, null, 2)}\n`);
  writeFile(join(plan.out, "kunit.ktap"), kunitStream(log));
  return result;
}

/** The report that a command of ours left in the guest. */
async function reportOf({ folder }: Booted, job: string): Promise<ShardReport<ParserReport>> {
  const path = join(folder, job, REPORT);
  if (!existsSync(path)) {
    const errors = (await readFile(join(folder, `${job}.err`), "utf8")).replace(/^\s+at .*$/gm, "").trim();
    throw new SubjectError(`${job} left no report in the guest: ${errors.split("\n").at(-1) ?? ""}`);
  }
  return JSON.parse(await readFile(path, "utf8")) as ShardReport<ParserReport>;
}

function storedReport({ out }: Plan, job: string, report: ParserReport): Result {
  const folder = join(out, job);
  const stored = store(sealed(report), folder);
  return parserResult(report, join(folder, REPORT), stored);
}

const SUITES: Readonly<Record<string, "kunit" | "kernel">> = { kunit: "kunit", live: "kernel" };

function crashed(plan: Plan, guest: Booted, job: string, again: string, seconds: number): Result {
  const message = job === "kunit" ? nextVector(plan.profile, guest.console) : messageInFlight(guest.console);
  const crash = {
    suite: SUITES[job] ?? "parser",
    profile: plan.profile.name,
    seed: plan.seed,
    version: VERSION,
    subject: subjectText(plan),
    why: `the kernel went down in ${job}: ${guest.died}`,
    message: message === null ? null : hexOf(message),
    rule: message === null ? null : decidingRule(plan.profile, message),
    seconds,
  } as const;
  const path = join(plan.out, `${job}-crash.json`);
  const inFlight = join(guest.folder, job, "in-flight.json");
  const blamed =
    crash.message !== null
      ? `to have the message explained: fmapspec judge --profile ${crash.profile} ${crash.message}`
      : existsSync(inFlight)
        ? `${inFlight} has what was asked of it then`
        : `${join(guest.folder, "console")} has what it printed`;
  const result = crashResult(crash, path, again, blamed);
  writeFile(path, `${JSON.stringify(result.document, null, 2)}\n`);
  return result;
}
