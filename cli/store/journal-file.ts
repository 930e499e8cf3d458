import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sealed } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import type { Context } from "../context.ts";
import { why, writeFile } from "./files.ts";

export const JOURNAL = "journal.json";

/** Least milliseconds between two writes. */
const EVERY = 1000;

/** Writing takes at most one part in so many of the run's time, however large the journal is. */
const SHARE = 20;

/** The file with a run's state, so that a run that is killed loses nothing. */
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

  /** Replaces the document, if the last write is long enough ago or the new one is `urgent`. A run continues without it. */
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

  /** Renames the journal of an earlier run, and reports that. Throws UsageError. */
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
      `fmapspec: an interrupted run's journal is now ${old}; --resume would have continued that run\n`,
    );
  }

  /** For a run that finished: its report has more. */
  remove(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // On a disk that has become read-only it stays; the report, which cannot be written either, is reported.
    }
  }
}
