/** A process of a run with --jobs: does one part of the messages with a subject of its own, and reports what comes of it. */
import { SubjectError } from "../../base/errors.ts";
import { type Profile, profileNamed } from "../../spec/index.ts";
import { subjectFor } from "../../subjects/driver/described.ts";
import type { Reported } from "../run/jobs.ts";
import { ruleGlobs } from "../stored/rule-globs.ts";
import type { ParserPart } from "./parts.ts";
import { ParserRun } from "./run.ts";
import type { ParserState } from "./stored.ts";

/** Milliseconds between two reports. */
const REPORT_EVERY = 250;

const stop = new AbortController();
const report = (reported: Reported<ParserState>) =>
  new Promise((resolve) => process.send?.(reported, resolve));

async function work({ subject: description, ...part }: ParserPart): Promise<void> {
  const profile = profileNamed(part.profile) as Profile;
  const subject = await subjectFor(description, profile, part.timeout);
  try {
    await subject.start();
    let due = 0;
    const run = new ParserRun(subject, {
      ...part,
      profile,
      ...(part.filters.length === 0 ? {} : { filter: ruleGlobs(part.filters) }),
      // The run that this is a part of knows when its time is up.
      maxTime: Number.POSITIVE_INFINITY,
      signal: stop.signal,
      progress: () => {},
      checkpoint: (state, urgent) => {
        if (Date.now() < due && !urgent) return;
        due = Date.now() + REPORT_EVERY;
        void report({ state: state() });
      },
    });
    await run.bulk();
    await report({ state: run.state() });
  } finally {
    await subject.stop();
  }
}

process.on("message", async (message: ParserPart | "stop") => {
  if (message === "stop") {
    stop.abort();
    return;
  }
  try {
    await work(message);
  } catch (error) {
    // The mistakes of the user and of the subject end the run; anything else is ours and ends the process.
    if (!(error instanceof SubjectError)) throw error;
    await report({ failed: error.message });
  }
  process.disconnect();
});

// The run has ended, or was killed.
process.on("disconnect", () => process.exit());
