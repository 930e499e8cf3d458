import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";

/** Builds programs of drivers/ in a folder of their own, each once, and names what was built. */
export function built() {
  const folder = mkdtempSync(join(tmpdir(), "fmapspec-drivers-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const at = (path: string) => join(PACKAGE_ROOT, "drivers", path);
  const once = (name: string, build: (program: string) => void): string => {
    const program = join(folder, name);
    if (!existsSync(program)) build(program);
    return program;
  };
  const env = { ...process.env, GOCACHE: join(folder, "cache"), GOFLAGS: "-mod=mod" };
  return {
    at,
    gcc: (source: string, name: string, ...flags: string[]) =>
      once(name, (program) =>
        execFileSync("gcc", [
          ...["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", ...flags],
          ...["-o", program, at(source)],
        ]),
      ),
    rustc: (source: string, name: string) =>
      once(name, (program) => execFileSync("rustc", ["-O", "-D", "warnings", "-o", program, at(source)])),
    /** `pkg`: a folder below drivers/go, `.` for itself. */
    goBuild: (pkg: string, name: string) =>
      once(name, (program) =>
        execFileSync("go", ["build", "-o", program, `./${pkg}`], { cwd: at("go"), env }),
      ),
  };
}
