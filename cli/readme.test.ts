import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { fmapspec } from "./test/command.ts";

it("the README shows what `fmapspec judge` prints of its example", async () => {
  const readme = readFileSync(join(PACKAGE_ROOT, "README.md"), "utf8");
  const shown = /<!-- judge -->\n```\n\$ fmapspec judge ([0-9a-f]+)\n([\s\S]*?)\n```/.exec(readme);
  expect(shown).not.toBeNull();
  const [, hex = "", output = ""] = shown ?? [];
  const { status, stdout } = await fmapspec("judge", hex);
  expect(status).toBe(1);
  expect(stdout.trimEnd()).toBe(output);
});
