/** Pieces of a plot that can be read on a light and on a dark page. */
export const COLOURS = ["#d9480f", "#7048e8", "#1c7ed6", "#15aabf", "#2f9e44", "#94d82d", "#868e96"] as const;

// A picture in a page is asked for its reader's preference by itself, in all browsers and on GitHub.
const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-size: 14px; font-weight: 600 }
.grid { stroke: #8885; stroke-width: 1; fill: none }
.goal { stroke: #868e96; stroke-width: 1.5; stroke-dasharray: 5 3 }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } }
</style>`;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export const text = (x: number, y: number, words: string, more = "") =>
  `<text x="${x}" y="${y}"${more}>${escaped(words)}</text>`;

export const line = (x1: number, y1: number, x2: number, y2: number, kind: "grid" | "goal") =>
  `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;

/** A whole picture; `title` is what someone hears who does not see it. */
export const svg = (width: number, height: number, title: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
${STYLE}
${text(16, 24, title, ' class="title"')}
${parts.join("\n")}
</svg>
`;

export const rounded = (n: number): number => Math.round(10 * n) / 10;
