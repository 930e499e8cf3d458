import { UsageError } from "../../../base/errors.ts";

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const FILE_HEAD =
  /^(?:diff --git |(?:new|deleted) file mode |(?:old|new) mode |(?:rename|copy) (?:from|to) |--- |\+\+\+ |Binary files )/;
/** What may follow a hunk and begin with a mark of a patch: the next file, or a mail's signature. */
const AFTER = /^(?:--- |-- ?$)/;

/**
 * Only the patch out of the lines of a mail or a patch file.
 *
 * @param where names the text, for the UsageError about a hunk whose lines are not as many as its header says
 */
export function onlyPatch(lines: readonly string[], where: string): string {
  const patch: string[] = [];
  let file = "a file without a name";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const counts = HUNK.exec(line);
    if (counts) {
      const body = readHunk(lines, at + 1, Number(counts[1] ?? 1), Number(counts[2] ?? 1));
      if (!body)
        throw new UsageError(
          `${where}: hunk "${counts[0]}" of ${file} cannot be read: its lines do not come to these numbers, ` +
            "so some were cut, wrapped or changed on the way",
        );
      patch.push(counts[0], ...body);
      at += body.length;
    } else if (FILE_HEAD.test(line) && (!line.startsWith("--- ") || lines[at + 1]?.startsWith("+++ "))) {
      file = /^\+\+\+ (?:b\/)?(\S+)/.exec(line)?.[1] ?? file;
      patch.push(line);
    }
  }
  return `${patch.join("\n")}\n`;
}

/** As many lines as the hunk's header announces; undefined if they are not there, or go on behind these. */
function readHunk(lines: readonly string[], from: number, old: number, fresh: number): string[] | undefined {
  const body: string[] = [];
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const mark = line.charAt(0) || " "; // mail programs cut the blank of an empty context line
    if (mark === "\\") {
      body.push(line);
      continue;
    }
    if (old === 0 && fresh === 0) return /^[ +-]/.test(line) && !AFTER.test(line) ? undefined : body;
    if (!"+- ".includes(mark)) return undefined;
    if (mark !== "+") old--;
    if (mark !== "-") fresh--;
    if (old < 0 || fresh < 0) return undefined;
    body.push(line || " ");
  }
  return old === 0 && fresh === 0 ? body : undefined;
}
