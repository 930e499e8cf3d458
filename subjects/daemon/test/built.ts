import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";

/** A daemon that was built, or the Debian packages that it takes. */
export type Built = { readonly program: string } | { readonly missing: string };

/** The program; without it the test fails in CI and is skipped elsewhere. */
export function programOf(built: Built, context: TestContext): string {
  if ("program" in built) return built.program;
  const why = `needs Debian's ${built.missing}`;
  if (process.env.CI !== undefined) throw new Error(why);
  return context.skip(why);
}

/** A folder for what is built, and its removal. */
export function buildFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "fmapspec-daemons-"));
  chmodSync(path, 0o755); // for daemons that run as another user
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function built(program: string, packages: string, build: () => void): Built {
  try {
    build();
    return { program };
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === "ENOENT" || /not found|No such file|cannot find/.test(String(stderr)))
      return { missing: packages };
    throw error;
  }
}

/** One of libfuse's examples, as the Debian package has them. */
export function libfuseExample(folder: string, name: string): Built {
  const program = join(folder, name);
  const packed = `/usr/share/doc/libfuse3-dev/examples/${name}.c`;
  return built(program, "gcc, pkg-config and libfuse3-dev", () => {
    const flags = execFileSync("pkg-config", ["--cflags", "--libs", "fuse3"], {
      encoding: "utf8",
      stdio: "pipe",
    });
    const source = existsSync(packed)
      ? execFileSync("cat", [packed], { stdio: "pipe" })
      : execFileSync("gzip", ["-dc", `${packed}.gz`], { stdio: "pipe" });
    const args = ["-O1", "-w", "-x", "c", "-", "-I", "/usr/share/doc/libfuse3-dev/examples", "-o", program];
    execFileSync("gcc", [...args, ...flags.trim().split(/\s+/), "-lpthread"], {
      input: source,
      stdio: "pipe",
    });
  });
}

/** go-fuse's hello, as the Debian package has it. */
export const goFuseHello = (folder: string): Built => goFuseExample(folder, "hello");

/** One of go-fuse's examples, as the Debian package has them. */
export function goFuseExample(folder: string, name: string): Built {
  const program = join(folder, `go-${name}`);
  return built(program, "golang-go and golang-github-hanwen-go-fuse-dev", () => {
    // The example imports .../go-fuse/v2, and the package has its files in .../go-fuse.
    const parent = join(folder, "go/src/github.com/hanwen/go-fuse");
    mkdirSync(parent, { recursive: true });
    if (!existsSync(join(parent, "v2")))
      symlinkSync("/usr/share/gocode/src/github.com/hanwen/go-fuse", join(parent, "v2"));
    const source = `/usr/share/doc/golang-github-hanwen-go-fuse-dev/examples/${name}/main.go`;
    execFileSync("go", ["build", "-o", program, source], {
      stdio: "pipe",
      env: {
        ...process.env,
        GO111MODULE: "off",
        GOFLAGS: "",
        GOPATH: `${join(folder, "go")}:/usr/share/gocode`,
      },
    });
  });
}
