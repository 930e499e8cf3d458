import { setTimeout as sleep } from "node:timers/promises";
import { SubjectError } from "../../base/errors.ts";
import { type Breakdown, isBreakdown } from "../driver/breakdown.ts";
import { alarmsIn, type KernelLog } from "./kernel-log.ts";
import type { Kmemleak } from "./kmemleak.ts";
import { Mount } from "./mount.ts";
import { Opening } from "./opening.ts";
import type { LiveKernel, LiveQuestion, Observed, Offer, OpenResult, Terms } from "./question.ts";
import { LiveServer } from "./server.ts";

/** The kernel of this machine, tested through a mount. */
export class MountedKernel implements LiveKernel {
  private readonly opening: Opening;
  private readonly timeout: number;
  private readonly log: KernelLog;
  private readonly detector: Kmemleak;
  private mounted: Mount | null = null;
  private server: LiveServer | null = null;
  private files = 0;

  /** `timeout`: milliseconds in which an open(2) is due. */
  constructor(timeout: number, log: KernelLog, detector: Kmemleak) {
    this.timeout = timeout;
    this.opening = new Opening(timeout);
    this.log = log;
    this.detector = detector;
  }

  async mount(terms: Terms): Promise<Offer> {
    await this.unmount();
    this.server = new LiveServer(terms);
    this.mounted = await Mount.of(this.server);
    const deadline = Date.now() + this.timeout;
    while (this.server.offer === null) {
      if (Date.now() > deadline) throw new SubjectError(`no INIT came within ${this.timeout} ms`);
      await sleep(1);
    }
    return this.server.offer;
  }

  async ask(question: LiveQuestion): Promise<Observed | Breakdown> {
    const [mount, server] = [this.mounted as Mount, this.server as LiveServer];
    const name = `f${this.files++}`;
    const file = server.add(name, question);
    const opens: OpenResult[] = [];
    const asked: Observed["asked"][number][] = [];
    const daxdevs: bigint[][] = [];
    this.log.lines();
    for (let i = 0; i < question.opens; i++) {
      const before = file.asked.length;
      const result = await this.opening.open(`${mount.folder}/${name}`);
      if (isBreakdown(result))
        return { ...result, detail: [result.detail, ...alarmsIn(this.log.lines())].join("; ") };
      opens.push(result);
      asked.push(file.asked.slice(before));
      daxdevs.push(server.daxdevs.splice(0));
    }
    const alarms = alarmsIn(this.log.lines());
    return { opens, asked, daxdevs, nodeid: file.nodeid, reads: file.reads, alarms };
  }

  async leftBy(terms: Terms, groups: readonly (readonly LiveQuestion[])[]): Promise<string[][] | null> {
    if (this.detector.why !== null) return null;
    const openers: Set<number>[] = [];
    for (const group of groups) {
      await this.mount(terms);
      const pids = new Set<number>();
      for (const question of group) {
        const result = await this.ask(question);
        if (isBreakdown(result)) await this.mount(terms);
        else if (this.opening.pid !== null) pids.add(this.opening.pid);
      }
      openers.push(pids);
    }
    // Unmount, because the memory of a mounted file is not a leak; mount again, because failures are still to be shrunk.
    await this.unmount();
    const orphans = await this.detector.orphans();
    await this.mount(terms);
    return openers.map((pids) => orphans.flatMap(({ pid, text }) => (pids.has(pid) ? [text] : [])));
  }

  async unmount(): Promise<void> {
    await this.opening.stop();
    const mount = this.mounted;
    this.mounted = null;
    await mount?.end();
  }
}
