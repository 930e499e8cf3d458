import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

/** Whether a tool is there. In CI a missing one is an error; elsewhere its tests are to be skipped, and this says why. */
export function available(tool: string, packages: string): boolean {
  if (spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0) return true;
  if (process.env.CI !== undefined) throw new Error(`install ${packages}: there is no ${tool}`);
  process.stderr.write(`NOT TESTED: there is no ${tool} (install ${packages})\n`);
  return false;
}

/** Whether this process is root and may read and write these devices. In CI it has to be; elsewhere its tests are skipped. */
export function rootWith(...devices: string[]): boolean {
  const missing = devices.filter((path) => !isOpen(path));
  if (process.getuid?.() !== 0) missing.unshift("root");
  if (missing.length === 0) return true;
  if (process.env.CI !== undefined) throw new Error(`the tests need ${missing.join(", ")}`);
  process.stderr.write(`NOT TESTED: there is no ${missing.join(", no ")}\n`);
  return false;
}

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
