/** The matrix in a browser: what it shows, what its button hides, dark and on a phone. */
import { describe, expect, it } from "vitest";
import { PROFILES } from "../../spec/index.ts";
import { boundaryMatrix } from "../../suites/studies/matrix.ts";
import { available } from "../../test/tools.ts";
import { browser } from "../test/browser.ts";
import { renderMatrixHtml } from "./matrix.ts";

const matrix = boundaryMatrix(PROFILES, "1.2.3");
const differing = matrix.rows.filter((r) => new Set(r.cells).size > 1).length;

describe.runIf(available("chromium", "chromium"))("the matrix", () => {
  const open = browser();

  it("shows a row for each message and a column for each profile, and fetches nothing", async () => {
    const { page, complaints, requests, picture } = await open("matrix", renderMatrixHtml(matrix));
    expect(await page.locator("thead th").allTextContents()).toEqual([
      "message",
      ...PROFILES.map((p) => p.name),
    ]);
    expect(await page.locator("tbody tr").count()).toBe(matrix.rows.length);
    expect(await page.locator("tbody tr").nth(1).locator("td").allTextContents()).toEqual(
      matrix.rows[1]?.cells,
    );
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("data:"))).toHaveLength(1);
    await picture("matrix-light");
  });

  it("shows only what differs when asked to, by keyboard too", async () => {
    const { page } = await open("matrix-only", renderMatrixHtml(matrix));
    const button = page.getByRole("button", { name: "Only what differs" });
    await button.focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("tbody tr:visible").count()).toBe(differing);
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    await button.click();
    expect(await page.locator("tbody tr:visible").count()).toBe(matrix.rows.length);
  });

  it("marks the cells that differ from the one before, and is dark where the system is", async () => {
    const { page, picture } = await open("matrix-dark", renderMatrixHtml(matrix), { colorScheme: "dark" });
    const turns = matrix.rows.flatMap((r) => r.cells.filter((c, i) => i > 0 && c !== r.cells[i - 1]));
    expect(await page.locator("td.turn").allTextContents()).toEqual(turns);
    await picture("matrix-dark");
  });

  it("does not make a phone scroll sideways, but for the table itself", async () => {
    const { page, picture } = await open("matrix-phone", renderMatrixHtml(matrix), { width: 360 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    await picture("matrix-phone");
  });

  it("of a daemon ends with what each kernel makes of it", async () => {
    const { page } = await open(
      "matrix-daemon",
      renderMatrixHtml({
        ...matrix,
        of: "daemon",
        profiles: ["rfc-v2", "v10"],
        rows: [{ name: "daemon/fmap/<accepted>", cells: ["passed", "failed"] }],
        conclusions: ["conforming", "daemon/fmap/accepted"],
      }),
    );
    expect(await page.locator("tbody th").textContent()).toBe("daemon/fmap/<accepted>");
    expect(await page.locator("tfoot td").allTextContents()).toEqual(["conforming", "daemon/fmap/accepted"]);
  });
});
