import { spawnSync } from "node:child_process";

/** Whether a tool is there. In CI a missing one is an error; elsewhere its tests are to be skipped, and this says why. */
export function available(tool: string, packages: string): boolean {
  if (spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0) return true;
  if (process.env.CI !== undefined) throw new Error(`install ${packages}: there is no ${tool}`);
  process.stderr.write(`NOT TESTED: there is no ${tool} (install ${packages})\n`);
  return false;
}
