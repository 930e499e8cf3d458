/** A thread of a run with --jobs: has a subject of its own, does the stretches that it is told to, and says what came of them. */
import { parentPort, workerData } from "node:worker_threads";
import { SubjectError } from "../../../base/errors.ts";
import { type Profile, profileNamed } from "../../../spec/index.ts";
import { subjectFor } from "../../../subjects/driver/described.ts";
import type { ParserSubject } from "../../../subjects/driver/subject.ts";
import { ruleGlobs } from "../../stored/rule-globs.ts";
import { ParserRun } from "../run.ts";
import type { Said, SharedRun, Stretch, Told } from "./stretch.ts";

const port = parentPort as NonNullable<typeof parentPort>;
const shared = workerData as SharedRun;
const profile = profileNamed(shared.profile) as Profile;
const say = (said: Said) => port.postMessage(said);

const breakOff = new AbortController();
/** Null until it is there: of kernel source it is compiled first. */
let subject: ParserSubject | null = null;

async function start(): Promise<void> {
  subject = await subjectFor(shared.subject, profile, shared.timeout);
  say({ started: await subject.start() });
}

async function work({ from, to }: Stretch): Promise<void> {
  const run = new ParserRun(subject as ParserSubject, {
    ...shared,
    profile,
    ...(shared.filters.length === 0 ? {} : { filter: ruleGlobs(shared.filters) }),
    signal: breakOff.signal,
    progress: () => {},
    from: { position: from, breakdowns: 0, seconds: 0, ledger: null },
    until: to,
  });
  await run.bulk();
  say({ stretch: { from, to }, state: run.state() });
}

/** The user's mistakes and the subject's are said, and end the run; anything else is ours and ends the thread. */
async function saying(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof SubjectError)) throw error;
    say({ failed: error.message });
  }
}

port.on("message", (told: Told) => {
  if (told === "break off") breakOff.abort();
  else if (told === "end") void Promise.resolve(subject?.stop()).then(() => port.close());
  else void saying(() => work(told));
});

await saying(start);
