/** What the shells themselves make of `fmapspec completion`, and the page of the options. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { PROFILES } from "../spec/index.ts";
import { available } from "../test/tools.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const SHELLS = ["bash", "zsh", "fish"] as const;
const scriptOf = (shell: string) => join(folder, `fmapspec.${shell}`);

beforeAll(async () => {
  for (const shell of SHELLS) {
    const { stdout } = await fmapspec("completion", shell);
    writeFileSync(scriptOf(shell), stdout);
  }
  for (const name of ["failure.json", "certificate.json"]) writeFileSync(join(folder, name), "");
}, 120_000);

function run(shell: string, ...args: string[]): string[] {
  const { stdout, stderr, status } = spawnSync(shell, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").filter((line) => line !== "");
}

/** The words that bash offers for the last of these; `=` stands alone, as bash divides a line. */
const inBash = (...words: string[]) =>
  run(
    "bash",
    "-c",
    `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fmapspec; printf '%s\\n' "\${COMPREPLY[@]}"`,
    "bash",
    scriptOf("bash"),
    "fmapspec",
    ...words,
  );

describe.skipIf(!available("bash", "bash"))("bash completes", () => {
  it.each<[string, string[]]>([
    ["pars", ["parser"]],
    ["parser --lev", ["--level"]],
    ["parser --level ", ["quick", "full", "soak"]],
    ["parser --level = q", ["quick"]],
    ["parser --level =", ["quick", "full", "soak"]],
    ["parser --report js", ["json="]],
    ["parser --report = js", ["json="]],
    ["parser --report json = fail", ["failure.json"]],
    ["daemon --via fuse", ["fusermount"]],
    ["judge --profile simple", ["simple-only"]],
    ["explain fmap/total/", ["fmap/total/file-size", "fmap/total/wraps"]],
    ["parser --filter fmap/total/w", ["fmap/total/wraps"]],
    ["verify cert", ["certificate.json"]],
    ["parser --seed ", []],
    ["parser -- fail", ["failure.json"]],
    ["completion f", ["fish"]],
  ])("%s", (line, expected) => {
    expect(inBash(...line.split(" "))).toEqual(expected);
  });

  it("every profile, by any of its names", () => {
    const names = PROFILES.flatMap((p) => [p.name, ...p.aliases]);
    expect(inBash("matrix", "--profile", "")).toEqual([...names, "all"]);
  });
});

describe.skipIf(!available("fish", "fish"))("fish completes", () => {
  it.each<[string, string[]]>([
    ["fmapspec pars", ["parser"]],
    ["fmapspec parser --level ", ["full", "quick", "soak"]],
    ["fmapspec parser --report js", ["json="]],
    ["fmapspec parser --report json=fail", ["json=failure.json"]],
    ["fmapspec explain fmap/total/w", ["fmap/total/wraps"]],
    ["fmapspec verify cert", ["certificate.json"]],
  ])("%s", (line, expected) => {
    const found = run("fish", "--no-config", "-c", `source ${scriptOf("fish")}; complete -C "${line}"`);
    expect(found.map((word) => word.split("\t")[0])).toEqual(expected);
  });
});

describe.skipIf(!available("zsh", "zsh"))("zsh completes", () => {
  // A terminal of zsh's own, with a command that prints its completed arguments.
  const TERMINAL = `zmodload zsh/zpty
zpty z zsh -f
zpty -w z 'source ${scriptOf("zsh")}; fmapspec() { print "RAN" "$*" "END"; }; print "REA""DY"'
zpty -r z out '*READY*'
zpty -w z "fmapspec $1"$'\\t'
zpty -r z out '*RAN*END*'
print -r -- "\${\${out##*RAN }%% END*}"`;

  it.each([
    ["pars", "parser"],
    ["parser --lev", "parser --level"],
    ["parser --level=q", "parser --level=quick"],
    ["explain fmap/total/w", "explain fmap/total/wraps"],
    ["verify cert", "verify certificate.json"],
  ])("%s", (line, expected) => {
    expect(run("zsh", "-f", "-c", TERMINAL, "zsh", line)).toEqual([expected]);
  });
});

it("docs/options.md is what `fmapspec help --markdown` prints", async () => {
  const { stdout } = await fmapspec("help", "--markdown");
  expect(readFileSync(join(PACKAGE_ROOT, "docs/options.md"), "utf8")).toBe(stdout);
});

it("help describes a command as its --help does", async () => {
  expect(await fmapspec("help", "judge")).toEqual(await fmapspec("judge", "--help"));
  expect(await fmapspec("help")).toEqual(await fmapspec("--help"));
  expect(await fmapspec("help", "juge")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("no command 'juge' (did you mean judge?)"),
  });
  expect(await fmapspec("completion", "tcsh")).toMatchObject({ status: 2 });
});
