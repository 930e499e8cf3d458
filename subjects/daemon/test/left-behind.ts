import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, vi } from "vitest";
import { processesWith } from "../process-tree.ts";

/** A variable for the daemons of one test, by which those that are left are found. */
export class Marked {
  private readonly mark = randomUUID();
  readonly env = { FMAPSPEC_TEST: this.mark };

  /** Fails if a process is left that was started with this variable; a killed one may need a moment to go. */
  async expectNobody(): Promise<void> {
    await vi.waitFor(() => expect(processesWith(this.mark)).toEqual([]), 10_000);
  }
}

/** Fails if this process goes on running. */
export async function expectEnded(pid: number): Promise<void> {
  const isRunning = () => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
    } catch {
      return false;
    }
  };
  await vi.waitFor(() => expect(isRunning()).toBe(false), 10_000);
}
