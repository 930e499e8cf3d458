import { execFileSync } from "node:child_process";

/** Those of the two compilers that are here. */
export const compilers = ["gcc", "clang"].filter((cc) => {
  try {
    return execFileSync(cc, ["--version"]).length > 0;
  } catch {
    return false;
  }
});
