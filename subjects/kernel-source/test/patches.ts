/** Patches and mails made from a source's files, in the forms in which people have them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTwoFilesPatch } from "diff";

/** Where the files of a patch belong in a kernel tree. */
export const TREE_PATHS: Readonly<Record<string, string>> = {
  "famfs.c": "fs/fuse/famfs.c",
  "famfs_kfmap.h": "fs/fuse/famfs_kfmap.h",
  "fuse_famfs_uapi.h": "include/uapi/linux/fuse_famfs_uapi.h",
};

/** The files of a folder by name. */
export const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

/** What git prints for one file; `before` undefined adds it. */
export function gitDiff(path: string, before: string | undefined, after: string, context = 3): string {
  const added = before === undefined;
  const old = added ? "/dev/null" : `a/${path}`;
  const diff = createTwoFilesPatch(old, `b/${path}`, before ?? "", after, undefined, undefined, { context });
  const head = [
    `diff --git a/${path} b/${path}`,
    ...(added ? ["new file mode 100644"] : []),
    "index 0000000..1111111",
  ];
  return [...head, ...diff.split("\n").slice(1)].join("\n").replaceAll(/^(---|\+\+\+) (\S+)\t$/gm, "$1 $2");
}

export const patchOf = (files: Record<string, string>): string =>
  Object.entries(files)
    .map(([name, text]) => gitDiff(TREE_PATHS[name] ?? name, undefined, text))
    .join("");

/** As `git format-patch` writes it. */
export const formatPatch = (subject: string, patch: string): string =>
  [
    "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001",
    "From: A Developer <developer@example.org>",
    "Date: Thu, 3 Jul 2025 13:50:27 -0500",
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=UTF-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    "What it does, and why — in prose.",
    "",
    "Signed-off-by: A Developer <developer@example.org>",
    "---",
    " fs/fuse/famfs.c | 360 +++++++",
    " 1 file changed, 360 insertions(+)",
    "",
    `${patch}-- `,
    "2.49.0",
    "",
    "",
  ].join("\n");

/** One mail with its body in the transfer encoding of that name. */
export function mail(
  subject: string,
  body: string,
  encoding: "8bit" | "base64" | "quoted-printable",
): string {
  const text = { "8bit": (s: string) => s, base64: inBase64, "quoted-printable": inQuotedPrintable }[
    encoding
  ](body);
  const head = [
    "From: A Reviewer <reviewer@example.org>",
    `Subject: ${subject}`,
    "Date: Fri, 4 Jul 2025 11:13:04 +0200",
    "Message-ID: <1@example.org>",
    "MIME-Version: 1.0",
    'Content-Type: text/plain; charset="UTF-8"',
    `Content-Transfer-Encoding: ${encoding}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${text.replaceAll("\n", "\r\n")}`;
}

const inBase64 = (text: string) =>
  (
    Buffer.from(text)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\n");

function inQuotedPrintable(text: string): string {
  const escaped = [...Buffer.from(text)].map((byte) =>
    byte === 10
      ? "\n"
      : byte === 61 || byte > 126 || byte < 32
        ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
        : String.fromCharCode(byte),
  );
  return escaped
    .join("")
    .split("\n")
    .map((line) => line.replace(/ $/, "=20").replaceAll(/(?:=..|[^=]){70}(?!$)/g, "$&=\n"))
    .join("\n");
}

/** A patch as a reply quotes it: marked, tabs turned into blanks, the reviewer's words in between. */
export function quote(patch: string, marks = "> "): string {
  const lines = patch.trimEnd().replaceAll("\t", "        ").split("\n");
  const remarks = new Map([
    [10, "\nWhy is this here?\n\n- because\n+ no, really\n"],
    [200, "\nNit: a blank line.\n"],
  ]);
  return lines.map((line, at) => `${remarks.get(at) ?? ""}${(marks + line).trimEnd()}`).join("\n");
}
