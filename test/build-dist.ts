/** Before all tests: the embedded subject and the tests from end to end start dist/, so it has to be up to date. */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../base/package-root.ts";

const SOURCES = [
  "base",
  "spec",
  "generators",
  "oracles",
  "subjects",
  "suites",
  "exports",
  "reports",
  "cli",
  "library",
];

/** Time of the last change of any source that is compiled. */
function lastChange(): number {
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|(^|\/)test\//.test(name))
      .map((name) => join(PACKAGE_ROOT, folder, name)),
  );
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

export default function buildDist(): void {
  const main = statSync(join(PACKAGE_ROOT, "dist/cli/main.js"), { throwIfNoEntry: false });
  if (main === undefined || main.mtimeMs < lastChange())
    execFileSync("npm", ["run", "build"], { cwd: PACKAGE_ROOT, stdio: "inherit" });
}
