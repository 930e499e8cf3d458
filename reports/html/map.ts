import { counted } from "../../base/counted.ts";
import { type Owned, overlaps, ownedRanges } from "../../oracles/index.ts";
import type { DaxRange, Fmap } from "../../spec/index.ts";
import { renderBytes } from "../terminal/map-text.ts";
import { type Html, html, when } from "./escape.ts";
import { type Scale, scaleOf } from "./scale.ts";

/** Pieces of a file, and ranges of devices, that are drawn; the rest is counted. */
const MAX_PIECES = 48;

const WIDTH = 720;
const LEFT = 84;
const LANE = 26;
const GAP = 46;

/** Hues that the style sheet has for extents and strips. */
const HUES = 8;

interface Piece {
  readonly from: bigint;
  readonly to: bigint;
  /** Index of the extent or strip among all of the map. */
  readonly owner: number;
  /** Its range of the device. */
  readonly devindex: bigint;
  readonly at: bigint;
}

/** The file above and the devices below it, each piece over the range that holds it; what two ranges share is red. */
export function mapHtml(map: Fmap): Html {
  const all = ownedRanges(map);
  const ranges = all.slice(0, MAX_PIECES);
  const pieces = piecesOf(map);
  const shared = overlaps(all);
  const devices = [...new Set(ranges.map((r) => r.devindex))].sort((a, b) => (a < b ? -1 : 1));
  const file = scaleOf(pieces.flatMap((p) => [p.from, p.to]).concat(0n, map.fileSize), WIDTH - LEFT);
  const scales = new Map(
    devices.map((d) => [
      d,
      scaleOf(
        ranges.filter((r) => r.devindex === d).flatMap((r) => [r.start, r.end]),
        WIDTH - LEFT,
      ),
    ]),
  );
  const top = (d: bigint) => 18 + LANE + GAP + devices.indexOf(d) * (LANE + GAP);
  const height = top(devices.at(-1) ?? 0n) + LANE + 24;
  return html`<figure class="map"><figcaption>${map.extType} map of a file of ${renderBytes(map.fileSize)}</figcaption>
<div class="scroll" tabindex="0" role="group" aria-label="Map of the file, drawn"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Where the file's bytes are">
${lane("file", 18, file)}${pieces.map((p) => {
  const [x, end] = [LEFT + file.at(p.from), LEFT + file.at(p.to)];
  const scale = scales.get(p.devindex) as Scale;
  const to = LEFT + scale.at(p.at);
  const toEnd = LEFT + scale.at(p.at + (p.to - p.from));
  return html`<path class="link h${p.owner % HUES}" d="M${x} ${18 + LANE}H${end}L${toEnd} ${top(p.devindex)}H${to}Z"/><rect class="piece h${p.owner % HUES}" x="${x}" y="18" width="${Math.max(1, end - x)}" height="${LANE}"><title>${`bytes ${p.from} to ${p.to - 1n} of the file: ${ranges[p.owner]?.owner ?? ""}`}</title></rect>`;
})}
${devices.map(
  (d) =>
    html`${lane(`daxdev ${d}`, top(d), scales.get(d) as Scale)}${ranges.map((r, i) => (r.devindex === d ? rangeSvg(r, i, scales.get(d) as Scale, top(d)) : html``))}${overlaps(
      ranges,
    )
      .filter(([a]) => a.devindex === d)
      .map((pair) => sharedSvg(pair, scales.get(d) as Scale, top(d)))}`,
)}
</svg></div>
${when(all.length > ranges.length, () => html`<p class="dim">not drawn: ${counted(all.length - ranges.length, "more range")}</p>`)}${when(
  shared.length > 0,
  () =>
    html`<ul class="overlaps">${shared.slice(0, MAX_PIECES).map(([a, b]) => html`<li>overlap: ${a.owner} and ${b.owner} share ${shareText(a, b)} of daxdev ${String(a.devindex)}</li>`)}</ul>`,
)}</figure>`;
}

/** The file's bytes in order, each run with the extent or strip that holds it, as far as they are drawn. */
function piecesOf(map: Fmap): Piece[] {
  const pieces: Piece[] = [];
  let from = 0n;
  const add = (range: DaxRange, owner: number, start: bigint, length: bigint) => {
    const to = from + length < map.fileSize ? from + length : map.fileSize;
    if (to > from) pieces.push({ from, to, owner, devindex: range.devindex, at: range.offset + start });
    from = to > from ? to : from;
  };
  if (map.extType === "simple") {
    for (const [i, e] of map.extents.slice(0, MAX_PIECES).entries()) add(e, i, 0n, e.length);
    return pieces;
  }
  let first = 0;
  for (const { chunkSize, nbytes, strips } of map.extents) {
    for (let done = 0n; chunkSize > 0n && done < nbytes && pieces.length < MAX_PIECES; done += chunkSize) {
      const chunk = done / chunkSize;
      const strip = Number(chunk % BigInt(strips.length));
      const owner = first + strip;
      if (owner >= MAX_PIECES) return pieces;
      const left = nbytes - done;
      const start = (chunk / BigInt(strips.length)) * chunkSize;
      add(strips[strip] as DaxRange, owner, start, left < chunkSize ? left : chunkSize);
      if (from >= map.fileSize) return pieces;
    }
    first += strips.length;
  }
  return pieces;
}

/** A lane's name and where its scale leaves something out. */
const lane = (name: string, y: number, scale: Scale) =>
  html`<text class="lane" x="0" y="${y + 17}">${name}</text><rect class="bed" x="${LEFT}" y="${y}" width="${WIDTH - LEFT}" height="${LANE}"/>${scale.labels.map((l) => html`<text class="tick" x="${LEFT + l.x}" y="${y + LANE + 15}"${{ html: l.last ? ' text-anchor="end"' : "" }}>${l.text}</text>`)}`;

const rangeSvg = (r: Owned, i: number, scale: Scale, y: number) =>
  html`<rect class="range h${i % HUES}" x="${LEFT + scale.at(r.start)}" y="${y}" width="${Math.max(1, scale.at(r.end) - scale.at(r.start))}" height="${LANE}"><title>${`${r.owner}: 0x${r.start.toString(16)} to 0x${r.end.toString(16)}`}</title></rect>`;

const end = (a: Owned, b: Owned) => (a.end < b.end ? a.end : b.end);

const sharedSvg = ([a, b]: [Owned, Owned], scale: Scale, y: number) =>
  html`<rect class="shared" x="${LEFT + scale.at(b.start)}" y="${y - 3}" width="${Math.max(2, scale.at(end(a, b)) - scale.at(b.start))}" height="${LANE + 6}"><title>${`${a.owner} and ${b.owner} overlap`}</title></rect>`;

const shareText = (a: Owned, b: Owned) =>
  `${renderBytes(end(a, b) - b.start)} from 0x${b.start.toString(16)} on`;
