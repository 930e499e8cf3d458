import { counted } from "../../base/counted.ts";
import { UsageError } from "../../base/errors.ts";
import type { Context } from "../context.ts";
import { writeFile } from "./files.ts";

/** How a file is written: at once or not at all. Throws UsageError, or keeps it until the run ends. */
export type Write = (path: string, content: string) => void;

/** Writes the files of a run. Where that fails, the run still has its verdict, and ends with the error. */
export class Writing {
  private wrong: UsageError[] = [];

  readonly write: Write = (path, content) => void this.attempt(() => writeFile(path, content));

  /** Runs something that writes; keeps its UsageError, and returns whether there was none. */
  attempt(writes: () => void): boolean {
    try {
      writes();
      return true;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.wrong.push(error);
      return false;
    }
  }

  /** Whether everything until now was written. */
  get whole(): boolean {
    return this.wrong.length === 0;
  }

  /** Reports the errors; returns the exit status of a run that would end with this one. */
  settle({ say }: Context, otherwise: number): number {
    const [first] = this.wrong;
    if (first === undefined) return otherwise;
    const more = this.wrong.length === 1 ? "" : `; and ${counted(this.wrong.length - 1, "more file")}`;
    say(`fmapspec: ${first.message}${more}\n`);
    return first.exitStatus;
  }
}
