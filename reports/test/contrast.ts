/// <reference lib="dom" />

/** One run of text with the contrast of its colour to the ground that it stands on. */
export interface Contrast {
  readonly text: string;
  readonly ratio: number;
}

/**
 * Every text of the page that is drawn, with its contrast by WCAG 2 (relative luminance). Runs in the browser, so it uses
 * nothing from outside itself.
 */
export function contrasts(): Contrast[] {
  const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (rgb: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = rgb.slice(0, 3).map((c) => {
      const part = c / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element | null): number[] => {
    for (let e = element; e !== null; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || (colour[3] ?? 0) === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found: Contrast[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = node.textContent?.trim() ?? "";
    if (parent === null || text === "" || !parent.checkVisibility() || parent.closest("script,style,title"))
      continue;
    const style = getComputedStyle(parent);
    const inSvg = parent.closest("svg") !== null;
    const ink = luminance(channels(inSvg ? style.fill : style.color));
    const below = luminance(ground(inSvg ? (parent.closest("svg") as Element).parentElement : parent));
    const ratio = (Math.max(ink, below) + 0.05) / (Math.min(ink, below) + 0.05);
    found.push({ text: text.slice(0, 40), ratio: Math.round(ratio * 100) / 100 });
  }
  return found;
}
