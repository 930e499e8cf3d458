import { readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** An object of the kernel that no pointer refers to any more. */
export interface Orphan {
  /** The process whose system call allocated it. */
  readonly pid: number;
  /** kmemleak's report without numbers that change with every boot. */
  readonly text: string;
}

/** The beginning of an orphan's text. */
export const ORPHAN = "kmemleak: unreferenced object";

/** Age in milliseconds from which kmemleak reports an object (mm/kmemleak.c, MSECS_MIN_AGE), with a reserve. */
const MIN_AGE = 5100;

/** Functions at the top of every call chain: the allocators. */
const ALLOCATORS =
  /^(?:__)?(?:create_object|kmem|kmalloc|kzalloc|kcalloc|kvmalloc|kasan|slab|stack_trace|save_stack|set_track)/;

/** The reports of /sys/kernel/debug/kmemleak. */
export function orphansIn(text: string): Orphan[] {
  return text.split(/^(?=unreferenced object)/m).flatMap((report) => {
    const size = /^unreferenced object.*\(size (\d+)\)/.exec(report)?.[1];
    const [, comm, pid] = /^ +comm "(.*)", pid (\d+)/m.exec(report) ?? [];
    if (size === undefined || pid === undefined) return [];
    const chain = (report.split(/^ +backtrace.*$/m)[1] ?? "")
      .split("\n")
      .map((line) => line.replace(/^ *(?:\[<.*?>\] )?/, ""))
      .filter((line) => line !== "" && !ALLOCATORS.test(line));
    const calls = chain.length === 0 ? "" : `, backtrace ${chain.slice(0, LISTED_CALLS).join(" < ")}`;
    return [{ pid: Number(pid), text: `${ORPHAN} (size ${size}), comm "${comm}"${calls}` }];
  });
}

const LISTED_CALLS = 4;

/** The first pid namespace, whose pids kmemleak reports (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const FIRST_NAMESPACE = "pid:[4026531836]";

/** The kernel's leak detector. */
export class Kmemleak {
  /** Why it cannot be asked; null: it can. */
  readonly why: string | null;
  private readonly path: string;
  private readonly age: number;

  /** `age`: age in milliseconds from which it reports an object. */
  constructor(path = "/sys/kernel/debug/kmemleak", age = MIN_AGE) {
    this.path = path;
    this.age = age;
    this.why = inFirstNamespace() ? this.tried() : "pids are others here than in the kernel's reports";
  }

  /** The unreferenced objects. The first of two scans computes checksums, the second reports objects that did not change. */
  async orphans(): Promise<Orphan[]> {
    writeFileSync(this.path, "scan");
    await sleep(this.age);
    writeFileSync(this.path, "scan");
    return orphansIn(readFileSync(this.path, "utf8"));
  }

  private tried(): string | null {
    try {
      // "stack=on" is the default; a detector that was switched off refuses even this write.
      writeFileSync(this.path, "stack=on", { flag: "r+" });
      return null;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === "EPERM"
        ? "it is switched off: boot with kmemleak=on"
        : `${this.path} cannot be opened (${code})`;
    }
  }
}

function inFirstNamespace(): boolean {
  try {
    return readlinkSync("/proc/self/ns/pid") === FIRST_NAMESPACE;
  } catch {
    // Without namespaces there is one.
    return true;
  }
}
