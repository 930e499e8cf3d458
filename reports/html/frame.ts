import { createHash } from "node:crypto";
import { type Html, html } from "./escape.ts";
import { THEME } from "./script.ts";
import { STYLE } from "./style.ts";

export interface Framed {
  readonly title: string;
  /** Version of the suite. */
  readonly version: string;
  readonly body: Html;
  readonly footer: Html | readonly Html[];
  /** What the page needs beside what every page has. */
  readonly style?: string;
  readonly script: string;
}

const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** A page that needs no network and may reach none: only its own style and scripts run, by their digests. */
export function frame({ title, version, body, footer, style = "", script }: Framed): string {
  const sheet = `${STYLE}${style}`;
  const policy = `default-src 'none'; style-src ${digest(sheet)}; script-src ${digest(script)} ${digest(THEME)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${{ html: sheet }}</style>
</head>
<body>
<header class="top"><span>fmapspec ${version}</span><button type="button" id="theme">Dark</button></header>
<main>
${body}
</main>
<footer>${footer}</footer>
<script>${{ html: script }}</script>
<script>${{ html: THEME }}</script>
</body>
</html>
`.html;
}
