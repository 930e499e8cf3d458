import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

/**
 * What becomes of tests that lack something: false, so that they are skipped, with the reason on stderr. In CI, which
 * has everything, it throws instead.
 */
export function notTested(lacking: string, remedy: string): false {
  if (process.env.CI !== undefined) throw new Error(`${lacking} (${remedy})`);
  process.stderr.write(`NOT TESTED: ${lacking} (${remedy})\n`);
  return false;
}

/** Whether a tool is there. */
export const available = (tool: string, packages: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0 ||
  notTested(`there is no ${tool}`, `install ${packages}`);

/** Whether this process is root and may read and write these devices. */
export function rootWith(...devices: string[]): boolean {
  const missing = devices.filter((path) => !isOpen(path));
  if (process.getuid?.() !== 0) missing.unshift("root");
  return missing.length === 0 || notTested(`there is no ${missing.join(", no ")}`, "run as root");
}

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
