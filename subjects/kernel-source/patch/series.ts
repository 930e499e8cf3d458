import { counted } from "../../../base/counted.ts";
import { UsageError } from "../../../base/errors.ts";
import { inOrder, type KernelSource } from "../source.ts";
import { onlyPatch } from "./hunks.ts";
import { isMail, type Mail, readMails } from "./mail.ts";
import { applyPatches, type Patched } from "./patch.ts";
import { type PatchLines, patchLines } from "./quoted.ts";

/**
 * The source that a patch, a mail or an mbox adds; undefined if there is no patch in it.
 * Throws UsageError for a patch that cannot be read, does not apply, or adds no parser.
 *
 * @param where names the file
 */
export async function readSeries(bytes: Uint8Array, where: string): Promise<KernelSource | undefined> {
  const text = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
  const mails = isMail(text) ? await readMails(bytes) : [{ subject: "", text }];
  const found = inSeries(mails).map((mail) => ({ subject: mail.subject, patch: patchLines(mail.text) }));
  const series = preferred(
    found.flatMap(({ subject, patch }) => (isPatch(patch) ? [{ subject, ...patch }] : [])),
  );
  if (series.length === 0) {
    if (found.some(({ patch }) => patch === "lost")) throw new UsageError(lostBreaks(where, text));
    return undefined;
  }
  const patches = series.map(({ subject, lines }) =>
    onlyPatch(lines, subject === "" ? where : `${where}, "${subject}"`),
  );
  const patched = applyPatches(patches, where);
  const form =
    series[0]?.form === "quoted" ? "quoted patch" : series.length > 1 ? `${series.length} patches` : "patch";
  const files = counted(patched.fileCount, "file");
  return {
    origin: `${parserAmong(patched, where)} (${form}, ${files})`,
    texts: inOrder([...patched.whole, ...patched.partial]),
  };
}

/** Mails in the order of their `[PATCH n/m]`, if they all have one. */
function inSeries(mails: readonly Mail[]): readonly Mail[] {
  const number = ({ subject }: Mail) => Number(/\[[^\]]*?(\d+)\/\d+\]/.exec(subject)?.[1] ?? Number.NaN);
  return mails.every((mail) => number(mail) >= 0) ? mails.toSorted((a, b) => number(a) - number(b)) : mails;
}

const isPatch = (patch: ReturnType<typeof patchLines>): patch is PatchLines => typeof patch === "object";

type Found = PatchLines & Pick<Mail, "subject">;

/** Prefers patches over quotations of them, because replies in a thread quote patches or propose changes. */
function preferred(found: readonly Found[]): readonly Found[] {
  const plain = found.filter(({ form }) => form === "plain");
  const original = plain.filter(({ subject }) => !/^re:/i.test(subject));
  return [original, plain].find((choice) => choice.length > 0) ?? found;
}

function lostBreaks(where: string, text: string): string {
  const longest = Math.max(...text.split("\n").map((line) => line.length));
  return (
    `${where}: the line breaks of the patch are lost (a line has ${longest} characters), so that it cannot be rebuilt: ` +
    "expected the mail as it was sent, for example its raw text from a mail archive"
  );
}

/** Name of the C file that has the parser. */
function parserAmong({ whole, partial }: Patched, where: string): string {
  const parser = whole.find(({ file, text }) => file.endsWith(".c") && text.includes("famfs_file_init_dax("));
  if (parser) return parser.file;
  const changed = partial.some(({ file }) => file === "famfs.c")
    ? ", it only changes one that is there already"
    : "";
  throw new UsageError(
    `${where} adds no famfs.c with a GET_FMAP parser${changed}: expected the patch that adds it`,
  );
}
