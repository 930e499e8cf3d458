/**
 * Takes the README's pictures: `npm run pictures`. The page is that of a real run, over a daemon that gives two extents of a
 * file the same memory.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const bin = join(here, "../../dist/cli");
const folder = mkdtempSync(join(tmpdir(), "fmapspec-pictures-"));
const page = join(folder, "report.html");
// Under the name that it has on a PATH, which is what the page then shows.
const onPath = join(folder, "fmapspec");
writeFileSync(onPath, `#!/bin/sh\nexec '${process.execPath}' '${join(bin, "main.js")}' "$@"\n`, {
  mode: 0o755,
});
const command = ["fmapspec", "reference-daemon", "--fault", "overlap-in-file", "{mountpoint}"];
const options = ["daemon", "--seed", "1", "--out", folder, "--report", `html=${page}`];
const { status, stderr } = spawnSync(process.execPath, [join(bin, "main.js"), ...options, "--", ...command], {
  env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  encoding: "utf8",
});
// 1: not conforming, as it should be.
if (status !== 1) throw new Error(stderr);

const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const QUALITY = 0.8;

/** PNG to WebP, which is a quarter of it; the browser can, and nothing else has to be installed. */
const toWebp = async (png) => {
  const tab = await browser.newPage();
  const url = await tab.evaluate(
    async ([source, quality]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), {
        width: image.width,
        height: image.height,
      });
      canvas.getContext("2d").drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", quality);
    },
    [`data:image/png;base64,${png.toString("base64")}`, QUALITY],
  );
  await tab.close();
  return Buffer.from(url.split(",")[1], "base64");
};

for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({
    viewport: { width: 1000, height: 900 },
    deviceScaleFactor: 1.5,
    colorScheme,
  });
  const tab = await context.newPage();
  await tab.goto(`file://${page}`);
  await tab.getByRole("button", { name: "1 failed" }).click();
  const { y, height } = await tab.locator("li.failed").boundingBox();
  const clip = { x: 0, y: 0, width: 1000, height: Math.ceil(y + height + 24) };
  const png = await tab.screenshot({ clip, fullPage: true });
  writeFileSync(join(here, `report-${colorScheme}.webp`), await toWebp(png));
  if (process.env.KEEP_PNG) writeFileSync(join(process.env.KEEP_PNG, `report-${colorScheme}.png`), png);
}
await browser.close();
rmSync(folder, { recursive: true });
