import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";

/** Pages and their pictures are left here to be looked at. */
const ARTEFACTS = join(PACKAGE_ROOT, "test-artefacts");

export interface Surroundings {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** A page that is open, and what went wrong or was fetched meanwhile. */
export interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  picture(name: string): Promise<void>;
}

/** The system's Chromium for one test file; opens the document of a name as a file. */
export function browser(): (name: string, html: string, around?: Surroundings) => Promise<Opened> {
  let running: Browser;
  beforeAll(async () => {
    mkdirSync(ARTEFACTS, { recursive: true });
    const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
    // Chromium's own sandbox does not start as root, as which CI runs.
    running = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(() => running?.close());
  return async (name, html, { colorScheme = "light", width = 1200, height = 900 } = {}) => {
    const file = join(ARTEFACTS, `${name}.html`);
    writeFileSync(file, html);
    const context = await running.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(`file://${file}`);
    const picture = async (picture: string) =>
      void (await page.screenshot({ path: join(ARTEFACTS, `${picture}.png`), fullPage: true }));
    return { page, complaints, requests, picture };
  };
}
