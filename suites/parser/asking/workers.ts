import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { SubjectError } from "../../../base/errors.ts";
import { PACKAGE_ROOT } from "../../../base/package-root.ts";
import type { ParserState } from "../stored.ts";
import type { Said, SharedRun, Stretch, Told } from "./stretch.ts";

/** A thread is given compiled code, whether we are compiled ourselves or run from the sources by a test. */
const PROGRAM = join(PACKAGE_ROOT, "dist/suites/parser/asking/stretch-worker.js");

/** Threads that do stretches of a run, each with a subject of its own. */
export class Workers {
  private readonly workers: readonly Worker[];

  /** `jobs` threads for the run. They are ready when they answer. */
  constructor(jobs: number, run: SharedRun) {
    this.workers = Array.from({ length: jobs }, () => new Worker(PROGRAM, { workerData: run }));
    // Whoever waits for one hears of it; the others' errors are not news.
    for (const worker of this.workers) worker.on("error", () => {});
  }

  /**
   * Does stretches until `deal` gives none, and hands what came of each to `settle`, in the order in which they end.
   * Throws SubjectError.
   */
  async run(
    deal: () => Stretch | null,
    settle: (stretch: Stretch, state: ParserState) => void,
  ): Promise<void> {
    const shift = async (worker: Worker) => {
      await answer(worker);
      for (let stretch = deal(); stretch !== null; stretch = deal()) {
        tell(worker, stretch);
        const said = await answer(worker);
        if ("stretch" in said) settle(said.stretch, said.state);
      }
    };
    await Promise.all(this.workers.map(shift));
  }

  /** Every stretch ends where it is. */
  breakOff(): void {
    for (const worker of this.workers) tell(worker, "break off");
  }

  /** Stops the subjects and waits for the threads to end. */
  async end(): Promise<void> {
    await Promise.all(
      this.workers.map(async (worker) => {
        tell(worker, "end");
        if (worker.threadId !== GONE) await once(worker, "exit");
      }),
    );
  }
}

/** The threadId of a thread that has ended. */
const GONE = -1;

const tell = (worker: Worker, told: Told) => worker.postMessage(told);

/** The next thing that the thread says. Throws SubjectError where it cannot go on. */
async function answer(worker: Worker): Promise<Said> {
  const [said] = (await once(worker, "message")) as [Said];
  if ("failed" in said) throw new SubjectError(said.failed);
  return said;
}
