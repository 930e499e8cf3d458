import { accessSync, constants } from "node:fs";
import { release } from "node:os";
import { SubjectError } from "../../base/errors.ts";

/** The way to a kernel with famfs where this one has none. */
export const NOT_HERE = "fmapspec kernel --uml SOURCE builds one that has it and runs there";

/** The kernel that this runs on. Throws SubjectError where a mount cannot be served, with what is missing. */
export function kernelHere(
  uid = process.getuid?.() ?? -1,
  device = "/dev/fuse",
): { kind: "kernel"; release: string } {
  const missing = [...(uid === 0 ? [] : [`root (this is user ${uid})`]), ...(usable(device) ? [] : [device])];
  if (missing.length > 0)
    throw new SubjectError(`a live mount needs ${missing.join(" and ")}; ${NOT_HERE}, without either`);
  return { kind: "kernel", release: release() };
}

function usable(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
