import { UsageError } from "../../../base/errors.ts";
import { readHunk } from "./hunk-reading.ts";
import { wrapWidth } from "./wrapping.ts";

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const FILE_HEAD =
  /^(?:diff --git |(?:new|deleted) file mode |(?:old|new) mode |(?:rename|copy) (?:from|to) |--- |\+\+\+ |Binary files )/;
/** Where a hunk is over at the latest: the next hunk or file, or a mail's signature. */
const BOUNDARY = /^(?:@@ -\d|diff |Index: |-- ?$)/;

/**
 * Only the patch out of the lines of a mail or a patch file, with what mail programs did to its hunks undone.
 *
 * @param where names the text, for the UsageError about a hunk that lacks lines
 */
export function repairPatch(lines: readonly string[], where: string): string {
  const width = wrapWidth(lines);
  const patch: string[] = [];
  let file = "a file without a name";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const counts = HUNK.exec(line);
    if (counts) {
      const end = endOfHunk(lines, at + 1);
      const left = { old: Number(counts[1] ?? 1), fresh: Number(counts[2] ?? 1) };
      const body = readHunk(lines.slice(at, end), left, width);
      if (!body)
        throw new UsageError(
          `${where}: hunk "${counts[0]}" of ${file} cannot be read: its lines do not come to these numbers, ` +
            "so some were cut or changed on the way",
        );
      patch.push(counts[0], ...body);
      at = end - 1;
    } else if (FILE_HEAD.test(line) && (!line.startsWith("--- ") || startsFile(lines, at))) {
      file = /^\+\+\+ (?:b\/)?(\S+)/.exec(line)?.[1] ?? file;
      patch.push(line);
    }
  }
  return `${patch.join("\n")}\n`;
}

const startsFile = (lines: readonly string[], at: number) =>
  lines[at]?.startsWith("--- ") === true && lines[at + 1]?.startsWith("+++ ") === true;

function endOfHunk(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, at) => at >= from && (BOUNDARY.test(line) || startsFile(lines, at)));
  return end < 0 ? lines.length : end;
}
