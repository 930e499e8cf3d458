/** The page in a browser: what it shows, and that mouse, keyboard, dark, and a phone's width all work. */
import fc from "fast-check";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { available } from "../../test/tools.ts";
import { isBad, type Result } from "../result/result.ts";
import { browser } from "../test/browser.ts";
import { contrasts } from "../test/contrast.ts";
import { daemonSample, hostileText, overlapSample, parserSample } from "../test/samples.ts";
import { visible } from "./escape.ts";
import { renderHtml } from "./page.ts";

const there = available("chromium", "chromium");
const results = [parserSample(), overlapSample()];
const html = renderHtml(results);
const tests = results.flatMap((r) => r.tests);

const rules = (page: Page) => page.locator("ul.rules > li:visible");
const ids = (page: Page) => page.locator("ul.rules > li:visible code.id").allTextContents();

describe.runIf(there)("the page", () => {
  const open = browser();

  it("opens without a complaint and without fetching anything", async () => {
    const { page, complaints, requests, picture } = await open("page", html);
    expect(await page.title()).toContain("Not conforming");
    expect(await page.locator("h1").textContent()).toBe("Not conforming");
    expect(await ids(page)).toEqual(tests.map((t) => t.id));
    expect(await page.locator("#count").textContent()).toBe(`${tests.length} of ${tests.length} tests`);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("data:"))).toHaveLength(1);
    await picture("light");
  });

  it("lets no other script run", async () => {
    const { page, complaints } = await open("policy", html);
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken over'";
      document.body.append(script);
      return document.title;
    });
    expect(ran).not.toBe("taken over");
    expect(complaints.join()).toContain("Content Security Policy");
  });

  it("shows only what is asked for, by mouse and by keyboard", async () => {
    const { page } = await open("filter", html);
    const failing = tests.filter(isBad).map((t) => t.id);
    const button = page.getByRole("button", { name: `${failing.length} failed` });
    await button.click();
    expect(await ids(page)).toEqual(failing);
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    await button.focus();
    await page.keyboard.press("Space");
    expect(await rules(page).count()).toBe(tests.length);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await ids(page)).toEqual(tests.filter((t) => t.outcome === "warning").map((t) => t.id));
    await button.click();
    expect(await rules(page).count()).toBe(tests.filter((t) => isBad(t) || t.outcome === "warning").length);
  });

  it("leads to a failing rule from the top, also where it was filtered out", async () => {
    const { page } = await open("links", html);
    await page.getByRole("button", { name: "not applicable" }).click();
    const id = "daemon.rfc-v2.daemon/fmap/no-overlap-in-file";
    expect(await page.locator(`[id='${id}']`).isVisible()).toBe(false);
    await page.getByRole("link", { name: "no-overlap-in-file" }).click();
    await expect.poll(() => page.evaluate(() => document.querySelector(":target")?.id)).toBe(id);
    expect(await page.locator(`[id='${id}']`).isVisible()).toBe(true);
    expect(await rules(page).count()).toBe(tests.length);
  });

  it("shows what fails or differs by profile, and leads there", async () => {
    const other = parserSample("x", { profile: "v10", counterexamples: [], findings: [], notes: [] });
    const passing = {
      ...other,
      tests: other.tests.map((t) => ({ ...t, outcome: "passed", failures: [] }) as const),
    };
    const { page, picture } = await open("by-profile", renderHtml([parserSample(), passing, passing]));
    const rows = page.locator(".by-profile > .scroll tbody tr");
    const telling = parserSample().tests.filter((t) => t.outcome !== "passed");
    expect(await rows.locator("code").allTextContents()).toEqual(telling.map((t) => t.id));
    expect(await page.locator(".by-profile > .scroll thead th").allTextContents()).toEqual([
      "requirement",
      "rfc-v2",
      "v10",
      "v10",
    ]);
    const row = rows.filter({ hasText: "fmap/header/nextents-limit" });
    expect(await row.locator("td").allTextContents()).toEqual(["failed", "passed", "passed"]);
    const alike = page.locator(".by-profile details");
    expect(await alike.locator("summary").textContent()).toMatch(/^\d+ more are the same in all of them$/);
    expect(await alike.locator("tbody tr").count()).toBe(parserSample().tests.length - telling.length);
    // Of so many runs the matrix alone has the links.
    expect(await page.locator(".failing").count()).toBe(0);
    await page.getByRole("button", { name: "passed" }).click();
    await row.getByRole("link", { name: "failed" }).click();
    const id = "parser.rfc-v2.fmap/header/nextents-limit";
    await expect.poll(() => page.evaluate(() => document.querySelector(":target")?.id)).toBe(id);
    expect(await page.locator(`[id='${id}']`).isVisible()).toBe(true);
    await picture("by-profile");
  });

  it("has no more of a matrix than can be read", async () => {
    const many = (outcome: "passed" | "failed") => ({
      ...parserSample(),
      tests: Array.from({ length: 2000 }, (_, i) => ({
        ...(parserSample().tests[0] as Result["tests"][number]),
        id: `fmap/header/rule-${i}`,
        outcome,
      })),
    });
    const one = renderHtml([many("passed"), many("failed")]);
    expect(one).toContain('<p class="dim">and 1700 more</p>');
    expect(one).toContain("0 more are the same in all of them");
    expect(renderHtml([many("passed"), many("passed")])).toContain("2000 are the same in all of them");
    const [first, ...rest] = many("passed").tests;
    const without = renderHtml([many("passed"), { ...many("passed"), tests: rest }]);
    expect(without).toContain(`<code>${first?.id}</code></th><td class="passed">`);
    expect(without).toContain("no such rule");
    expect(Buffer.byteLength(one)).toBeLessThan(2_000_000);
  });

  it("finds by word, from the keyboard", async () => {
    const { page } = await open("search", html);
    await page.keyboard.press("/");
    await page.keyboard.type("Header NEXTENTS-limit");
    // The second comes down to the first, and says so.
    expect(await ids(page)).toEqual(["fmap/header/nextents-limit", "fmap/simple/devindex"]);
    expect(await page.locator("section.group:visible").count()).toBe(2);
    expect(await page.locator("#count").textContent()).toBe(`2 of ${tests.length} tests`);
    await page.keyboard.press("Escape");
    expect(await rules(page).count()).toBe(tests.length);
    await page.getByRole("searchbox").fill("there is no such word");
    expect(await rules(page).count()).toBe(0);
  });

  it("tells the field that is pointed at, or moved to with the arrow keys", async () => {
    const { page } = await open("bytes", html);
    const view = page
      .locator("li", { hasText: "fmap/header/nextents-limit" })
      .locator("figure.bytes")
      .first();
    const told = view.locator(".field-text");
    expect(await told.textContent()).toBe("bytes 8 to 11: nextents 33; E2BIG fmap/header/nextents-limit");
    await view.locator(".field", { hasText: "file_size" }).hover();
    expect(await told.textContent()).toBe("bytes 16 to 23: file_size 0x200000 (2097152)");
    const stops = view.locator(".field[tabindex='0']");
    expect(await stops.count()).toBe(1);
    await stops.focus();
    await page.keyboard.press("ArrowRight");
    expect(await told.textContent()).toBe("bytes 12 to 15: reserved0 0");
    expect(await view.locator(".field:focus .name").textContent()).toBe("reserved0");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    expect(await told.textContent()).toBe("byte 0: file_type 0 (regular)");
    await page.keyboard.press("End");
    expect(await view.locator(".field:focus .name").textContent()).toBe("reserved1");
  });

  it("draws the map, what two extents share in red, and says it in words", async () => {
    const { page } = await open("map", html);
    const told = page.locator("li", { hasText: "no-overlap-in-file" }).locator(".field-text");
    expect(await told.textContent()).toBe(
      "bytes 64 to 71: se_offset 0x600000 (6291456); extent 1 overlaps extent 0",
    );
    const map = page.locator("figure.map").first();
    expect(await map.locator("rect.range").count()).toBe(3);
    expect(await map.locator("rect.piece").count()).toBe(3);
    expect(await map.locator("rect.shared").count()).toBe(1);
    const red = await map.locator("rect.shared").evaluate((r) => getComputedStyle(r).fill);
    expect(red).toBe("rgb(179, 38, 30)");
    expect(await map.locator(".overlaps").textContent()).toBe(
      "overlap: extent 0 and extent 1 share 2 MiB from 0x600000 on of daxdev 0",
    );
  });

  it("is dark where the system is, or where it was switched, and stays so", async () => {
    const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const { page, picture } = await open("dark", html, { colorScheme: "dark" });
    expect(await ground(page)).toBe("rgb(21, 24, 28)");
    await picture("dark");
    const light = await open("switch", html);
    expect(await ground(light.page)).toBe("rgb(251, 251, 250)");
    await light.page.getByRole("button", { name: "Dark" }).click();
    expect(await ground(light.page)).toBe("rgb(21, 24, 28)");
    // The browser stores the choice in its own time.
    const reloaded = async () => {
      await light.page.reload();
      return ground(light.page);
    };
    await expect.poll(reloaded, { timeout: 10_000 }).toBe("rgb(21, 24, 28)");
    expect(await light.page.getByRole("button", { name: "Light" }).count()).toBe(1);
  });

  it.each([320, 390, 800])("needs no sideways scroll at %i pixels", async (width) => {
    const { page, picture } = await open(`narrow-${width}`, html, { width, height: 800 });
    for (const d of await page.locator("details").all()) await d.evaluate((e) => e.setAttribute("open", ""));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await picture(`width-${width}`);
  });

  it.each(["light", "dark"] as const)(
    "has text of a contrast of 4.5 or more on its ground, %s",
    async (colorScheme) => {
      const { page } = await open(`contrast-${colorScheme}`, html, { colorScheme });
      await page.getByRole("button", { name: "known" }).click();
      for (const d of await page.locator("details").all())
        await d.evaluate((e) => e.setAttribute("open", ""));
      await page.getByRole("button", { name: "known" }).click();
      const found = await page.evaluate(contrasts);
      expect(found.length).toBeGreaterThan(100);
      expect(found.filter((c) => c.ratio < 4.5)).toEqual([]);
    },
  );

  it("is below 2 MB with the failures of 5,000 rules, and still searches", async () => {
    const [one] = parserSample("x".repeat(200)).tests.filter(isBad) as [Result["tests"][number]];
    const many = Array.from({ length: 5000 }, (_, i) => ({ ...one, id: `${one.id}-${i}` }));
    const large = renderHtml([{ ...parserSample(), tests: many }]);
    expect(Buffer.byteLength(large)).toBeLessThan(2_000_000);
    expect(large).toMatch(/>\d+ more failures had no room here: the stored report has them\.</);
    const [short] = parserSample("x").tests.filter((t) => t.failures.length > 0) as [Result["tests"][number]];
    const shorter = Array.from({ length: 5000 }, (_, i) => ({ ...short, id: `${short.id}-${i}` }));
    const filled = Buffer.byteLength(renderHtml([{ ...parserSample(), tests: shorter }]));
    expect(filled).toBeLessThan(2_000_000);
    expect(filled).toBeGreaterThan(1_800_000);
    const { page, complaints } = await open("large", large);
    await page.getByRole("searchbox").fill("limit-4321");
    expect(await ids(page)).toEqual(["fmap/header/nextents-limit-4321"]);
    expect(complaints).toEqual([]);
  });

  it("shows any text as text", async () => {
    const { page } = await open("hostile", html);
    const TAGS = await tagsOf(page, html);
    await fc.assert(
      fc.asyncProperty(hostileText(), async (text) => {
        const hostile = renderHtml([parserSample(text), daemonSample(text), overlapSample()]);
        expect([...(await tagsOf(page, hostile))].filter((tag) => !TAGS.includes(tag))).toEqual([]);
        const { why, actual, note, handlers } = await page.evaluate((html) => {
          const parsed = new DOMParser().parseFromString(html, "text/html");
          const of = (selector: string) => parsed.querySelector(selector)?.textContent;
          const attributes = [...parsed.querySelectorAll("*")].flatMap((e) => e.getAttributeNames());
          return {
            why: of("[id='parser.rfc-v2.resolve/simple'] > .why"),
            actual: of("[id='parser.rfc-v2.fmap/header/nextents-limit'] dd:nth-of-type(2)"),
            note: of("ul.notes > li"),
            handlers: attributes.filter((a) => a.startsWith("on") || a === "style" || a === "src"),
          };
        }, hostile);
        const shown = visible(text);
        expect(why ?? "").toBe(shown);
        expect(actual).toBe(shown);
        expect(note).toBe(shown);
        expect(handlers).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

const tagsOf = (page: Page, html: string) =>
  page.evaluate((html) => {
    const all = new DOMParser().parseFromString(html, "text/html").querySelectorAll("*");
    return [...new Set([...all].map((e) => e.tagName))];
  }, html);
