import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { processesWith } from "../process-tree.ts";

/** A variable for the daemons of one test, by which those that are left are found. */
export class Marked {
  private readonly mark = randomUUID();
  readonly env = { FMAPSPEC_TEST: this.mark };

  /** Fails if a process is left that was started with this variable. */
  expectNobody(): void {
    expect(processesWith(this.mark)).toEqual([]);
  }
}
