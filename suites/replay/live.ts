import { SubjectError } from "../../base/errors.ts";
import type { Profile } from "../../spec/index.ts";
import { isBreakdown } from "../../subjects/driver/breakdown.ts";
import { kernelHere } from "../../subjects/live-kernel/kernel-here.ts";
import { KernelLog } from "../../subjects/live-kernel/kernel-log.ts";
import { Kmemleak, ORPHAN } from "../../subjects/live-kernel/kmemleak.ts";
import { MountedKernel } from "../../subjects/live-kernel/mounted-kernel.ts";
import type { LiveKernel } from "../../subjects/live-kernel/question.ts";
import { termsOf } from "../../subjects/live-kernel/server.ts";
import { leftByOne } from "../kernel/leaks.ts";
import { questionOf } from "../kernel/question-json.ts";
import { LiveRun } from "../kernel/run.ts";
import type { Counterexample } from "../run/outcome.ts";
import { replayedAs } from "./message.ts";
import type { Replayed } from "./replayed.ts";

/** Asks the running kernel the question of a counterexample once more. Throws SubjectError where it cannot be asked. */
export async function replayHere(
  c: Counterexample,
  profile: Profile,
  timeout: number,
  signal: AbortSignal,
): Promise<Replayed> {
  kernelHere();
  const log = new KernelLog();
  const kernel = new MountedKernel(timeout, log, new Kmemleak());
  try {
    return await replayOnKernel(c, profile, kernel, signal);
  } finally {
    await kernel.unmount();
    log.close();
  }
}

/** Asks that kernel the question of a counterexample once more. */
export const replayOnKernel = async (
  c: Counterexample,
  profile: Profile,
  kernel: LiveKernel,
  signal: AbortSignal,
): Promise<Replayed> => replayedAs(c, await wrongNow(kernel, c, profile, signal));

/** All that goes wrong with the question of a counterexample. */
async function wrongNow(
  kernel: LiveKernel,
  c: Counterexample,
  profile: Profile,
  signal: AbortSignal,
): Promise<string[]> {
  const options = {
    profile,
    level: "quick",
    seed: c.seed,
    failFast: false,
    signal,
    progress: () => {},
  } as const;
  const run = new LiveRun(kernel, options);
  if (c.rule === "exchange/only-agreed") {
    await run.disagreed();
    return [...run.ledger.failures.values()].map((f) => f.actual);
  }
  if (c.actual.startsWith(ORPHAN)) return [...(await leftByOne(kernel, profile, questionOf(profile, c)))];
  await kernel.mount(termsOf(profile));
  const settled = await run.ask(questionOf(profile, c));
  if (settled === null)
    throw new SubjectError(`no source settles what ${profile.name} makes of that message`);
  const { difference, observed } = settled;
  return [
    ...(difference === null ? [] : [difference.actual]),
    ...(isBreakdown(observed)
      ? []
      : observed.alarms.filter((a) => c.kind === "finding" || !a.startsWith("UBSAN"))),
  ];
}
