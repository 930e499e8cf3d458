import type { World } from "./fault.ts";

/** The process that this is. */
export const REAL_WORLD: World = {
  crash: () => void process.kill(process.pid, "SIGSEGV"),
  // process.exit() would wait for the read that is still waiting in the thread pool.
  leave: () => void process.kill(process.pid, "SIGTERM"),
  sleep: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  start: Date.now() * 1009 + process.pid,
};
