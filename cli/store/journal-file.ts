import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sealed } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import type { Context } from "../context.ts";
import { why, writeFile } from "./files.ts";

export const JOURNAL = "journal.json";

/** Milliseconds between two writings. */
const EVERY = 1000;

/** Of the run's time at most one part in so many goes into writing, however large the journal is. */
const SHARE = 20;

/** The file in which a run writes down where it is, so that nothing is lost when it is killed. */
export class JournalFile {
  readonly path: string;
  private readonly say: Context["say"];
  private readonly clock: () => number;
  private due = 0;
  private complained = false;

  constructor(out: string, say: Context["say"], clock: () => number = () => performance.now()) {
    this.path = join(out, JOURNAL);
    this.say = say;
    this.clock = clock;
  }

  /** Writes the document in the place of the one before, if that is long enough ago or `urgent`. A run goes on without. */
  keep(document: () => object, urgent: boolean): void {
    const began = this.clock();
    if (began < this.due && !urgent) return;
    try {
      writeFile(this.path, `${JSON.stringify(sealed(document()))}\n`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      if (!this.complained)
        this.say(
          `fmapspec: ${error.message}; the run goes on, and could not be resumed if it were stopped\n`,
        );
      this.complained = true;
    }
    const now = this.clock();
    this.due = now + Math.max(EVERY, SHARE * (now - began));
  }

  /** Puts away the journal of an earlier run, and says so. Throws UsageError. */
  putAway(): void {
    if (!existsSync(this.path)) return;
    let old = `${this.path}.old`;
    for (let n = 2; existsSync(old); n++) old = `${this.path}.old-${n}`;
    try {
      renameSync(this.path, old);
    } catch (error) {
      throw new UsageError(`cannot rename ${this.path}: ${why(error)}`);
    }
    this.say(
      `fmapspec: an interrupted run's journal is now ${old}; --resume would have gone on with that run\n`,
    );
  }

  /** The run has come to its end, and its report says more. */
  remove(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // On a disk that has become read-only it stays, and what else cannot be written there is said.
    }
  }
}
