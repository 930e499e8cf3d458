import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";

/** What `npm pack --json` says of the tarball. */
interface Packed {
  readonly filename: string;
  /** Bytes, packed and unpacked. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What a program said and how it ended. */
interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Somebody's project, with the package installed from its tarball and nothing else of ours. */
export interface InstalledPackage {
  readonly packed: Packed;
  readonly tarball: string;
  write(name: string, text: string): void;
  read(name: string): string;
  run(program: string, ...args: string[]): Ended;
  remove(): void;
}

/** A program of the checkout's development dependencies. */
export const tool = (name: string): string => join(PACKAGE_ROOT, "node_modules/.bin", name);

/** Packs what dist/ holds, installs it in an empty project, and lends that project our vitest. */
export function installPackage(): InstalledPackage {
  const folder = mkdtempSync(join(tmpdir(), "fmapspec-package-"));
  // Without `prepare`: dist/ is up to date, and other tests use it meanwhile.
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const told = execFileSync("npm", pack, {
    cwd: PACKAGE_ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(told) as [Packed];
  const tarball = join(folder, packed.filename);
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "theirs", "private": true, "type": "module" }\n');
  execFileSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], {
    cwd: project,
    stdio: "ignore",
  });
  symlinkSync(join(PACKAGE_ROOT, "node_modules/vitest"), join(project, "node_modules/vitest"));
  return {
    packed,
    tarball,
    write: (name, text) => writeFileSync(join(project, name), text),
    read: (name) => readFileSync(join(project, name), "utf8"),
    run(program, ...args) {
      const env = { ...process.env, NO_COLOR: "1", NODE_V8_COVERAGE: undefined, VITEST: undefined };
      const { status, stdout, stderr } = spawnSync(program, args, { cwd: project, encoding: "utf8", env });
      return { status, output: `${stdout}${stderr}` };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
