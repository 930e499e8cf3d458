import PostalMime, { type Email } from "postal-mime";

/** A mail, decoded. */
export interface Mail {
  readonly subject: string;
  /** Its text and its attached patches. */
  readonly text: string;
}

/** The line between the mails of an mbox: an address, and a date in the format of ctime(). */
const SEPARATOR = String.raw`From \S+ +\w{3} \w{3} [ \d]\d [\d:]{8} .*\d{4}\r?\n`;

/** True for a mail or an mbox, also as `git format-patch` writes it; decided by its first lines. */
export function isMail(text: string): boolean {
  const [head = ""] = text.trimStart().split(/\n\r?\n/, 1);
  const isHeader = /^[\w-]+:/.test(head) && /^(?:From|Subject|Message-ID|Date):/im.test(head);
  return isHeader || new RegExp(`^${SEPARATOR}`).test(text.trimStart());
}

/** The mails of an mbox, or the one mail that it is. */
export async function readMails(bytes: Uint8Array): Promise<Mail[]> {
  // latin1 keeps every byte, because each mail names its own encoding.
  const mbox = Buffer.from(bytes).toString("latin1").trimStart();
  const raw = mbox.split(new RegExp(`(?<=^|\\n\\r?\\n)${SEPARATOR}`)).filter((mail) => mail.trim() !== "");
  const emails = await Promise.all(raw.map((mail) => PostalMime.parse(Buffer.from(mail, "latin1"))));
  return emails.map((email) => ({ subject: email.subject ?? "", text: textOf(email) }));
}

function textOf({ text = "", attachments }: Email): string {
  const patches = attachments.filter(
    ({ filename, mimeType }) => mimeType.startsWith("text/") || /\.(?:patch|diff)$/.test(filename ?? ""),
  );
  const decoded = patches.map(({ content }) =>
    typeof content === "string" ? content : new TextDecoder().decode(content),
  );
  return [text, ...decoded].join("\n").replaceAll("\r\n", "\n");
}
