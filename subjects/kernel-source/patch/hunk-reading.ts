/**
 * A hunk as a mail program leaves it: long lines broken, the blank in front of context lines lost, prose behind it.
 * The hunk's header says how many old and new lines there are; of all readings that come to just these numbers, the one
 * that takes the least to believe is taken. What nobody changed reads as it is.
 */
import { rejoin, wrapDoubt } from "./wrapping.ts";

/** Old and new lines of a hunk that are still to come. */
export interface Left {
  readonly old: number;
  readonly fresh: number;
}

interface Reading extends Left {
  readonly doubt: number;
  readonly last: Line | undefined;
}

interface Line {
  readonly text: string;
  readonly before: Line | undefined;
}

/**
 * The lines between a hunk's header and the next one, repaired; undefined if no reading fits the header's numbers.
 *
 * @param lines the header first
 * @param width columns after which the mail program broke lines
 */
export function readHunk(lines: readonly string[], left: Left, width: number): string[] | undefined {
  let readings: Reading[] = [{ ...left, doubt: 0, last: undefined }];
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const doubt = wrapDoubt(line, lines[at - 1] ?? "", width);
    const toCome = lines.length - at - 1;
    const best = new Map<string, Reading>();
    for (const reading of readings.flatMap((before) => continuations(before, line, doubt))) {
      const key = `${reading.old},${reading.fresh}`;
      const isHopeless = Math.max(reading.old, reading.fresh) > toCome;
      if (!isHopeless && reading.doubt < (best.get(key)?.doubt ?? Number.POSITIVE_INFINITY))
        best.set(key, reading);
    }
    readings = [...best.values()];
  }
  const complete = readings.find(({ old, fresh }) => old === 0 && fresh === 0);
  return complete && textOf(complete.last);
}

function textOf(last: Line | undefined): string[] {
  const lines: string[] = [];
  for (let line = last; line; line = line.before) lines.push(line.text);
  return lines.reverse();
}

/** Everything that a line can be after a reading of those above it. */
function continuations(before: Reading, line: string, doubtOfWrap: number): Reading[] {
  const { old, fresh, doubt, last } = before;
  const mark = line.charAt(0);
  const next: Reading[] = [];
  const take = (oldLines: number, newLines: number, text = line, more = 0) => {
    if (old < oldLines || fresh < newLines) return;
    next.push({
      old: old - oldLines,
      fresh: fresh - newLines,
      doubt: doubt + more,
      last: { text, before: last },
    });
  };
  if (mark === "+") take(0, 1);
  else if (mark === "-") take(1, 0);
  else if (mark === "\\") take(0, 0);
  else if (mark === " ") take(1, 1);
  else if (mark === "") take(1, 1, " ");
  else take(1, 1, ` ${line}`, 2); // a context line without its blank

  // Left over from the line above, or from the hunk's header, which needs no repair.
  const joined = last && { text: rejoin(last.text, line), before: last.before };
  if (mark !== "" && mark !== "\\") next.push({ old, fresh, doubt: doubt + doubtOfWrap, last: joined });

  // Prose behind the hunk.
  if (old === 0 && fresh === 0) next.push({ ...before, doubt: doubt + (mark === "" ? 0 : 3) });
  return next;
}
