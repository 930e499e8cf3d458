import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { SEED } from "../../test/seed.ts";
import { readKernelSource } from "./locate.ts";
import { filesOf, formatPatch, gitDiff, mail, patchOf, quote, TREE_PATHS } from "./test/patches.ts";

const scratch = await mkdtemp(join(tmpdir(), "fmapspec-test-"));
afterAll(() => rm(scratch, { recursive: true }));

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(scratch, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** The texts by file, blanks squeezed: mail programs do not keep them. */
async function textsOf(path: string): Promise<Record<string, string>> {
  const { texts } = await readKernelSource(path);
  return Object.fromEntries(texts.map(({ file, text }) => [file, squeezed(text)]));
}
const squeezed = (text: string) => text.replaceAll(/[ \t]+/g, " ").trim();
const allSqueezed = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [file, squeezed(text)]));

const own = join(PACKAGE_ROOT, "subjects/kernel-source/test/own");
const sources = [
  { name: "our own source", folder: own },
  ...(SEED ? [{ name: "the kernel patch", folder: join(SEED, "kernel") }] : []),
];

describe.each(sources)("readKernelSource, $name", ({ name, folder }) => {
  const files = filesOf(folder);
  const patch = patchOf(files);
  const count = Object.keys(files).length;
  const file = (extension: string) => `${name.replaceAll(" ", "-")}/series${extension}`;

  it("takes a folder, and the headers beside a file", async () => {
    expect(await textsOf(folder)).toEqual(allSqueezed(files));
    const { origin, texts } = await readKernelSource(join(folder, "famfs.c"));
    expect(origin).toBe(`famfs.c (C source, ${count} files)`);
    expect(texts.at(-1)).toEqual({ file: "famfs.c", line: 1, text: files["famfs.c"] });
  });

  it("takes a kernel tree, its root or the file in it", async () => {
    const tree = `${name}-tree`;
    for (const [file, text] of Object.entries(files)) await put(join(tree, TREE_PATHS[file] ?? file), text);
    await put(join(tree, "include/uapi/linux/fuse.h"), "#define FUSE_GET_FMAP 53\n");
    for (const path of [
      join(scratch, tree),
      join(scratch, tree, "fs/fuse"),
      join(scratch, tree, "fs/fuse/famfs.c"),
    ]) {
      const { origin, texts } = await readKernelSource(path);
      expect(origin).toBe("famfs.c (kernel tree, 3 files)");
      expect(texts.map((text) => text.file)).toEqual(["fuse.h", "famfs_kfmap.h", "famfs.c"]);
    }
  });

  it("takes a patch as git diff prints it, also packed", async () => {
    const path = await put(file(".patch"), patch);
    expect(await textsOf(path)).toEqual(allSqueezed(files));
    expect((await readKernelSource(path)).origin).toBe(`famfs.c (patch, ${count} files)`);
    expect(await textsOf(await put(file(".patch.gz"), gzipSync(patch)))).toEqual(allSqueezed(files));
  });

  it("keeps every character of a patch that git format-patch wrote", async () => {
    const { texts } = await readKernelSource(await put(file(".eml"), formatPatch("[PATCH] famfs", patch)));
    expect(texts.find((text) => text.file === "famfs.c")?.text).toBe(files["famfs.c"]);
  });

  it("takes a mail in each transfer encoding", async () => {
    const body = `Prose.\n\nIndex: none\n--- \n${patch}`;
    for (const encoding of ["8bit", "base64", "quoted-printable"] as const) {
      const { texts } = await readKernelSource(
        await put(file(`-${encoding}.eml`), mail("[PATCH] famfs", body, encoding)),
      );
      expect(texts.find((text) => text.file === "famfs.c")?.text, encoding).toBe(files["famfs.c"]);
    }
  });

  it("takes a patch that is attached to a mail", async () => {
    const part = (type: string, disposition: string, text: string) =>
      [`--x`, `Content-Type: ${type}`, `Content-Disposition: ${disposition}`, "", text].join("\n");
    const text = [
      "From: A Developer <developer@example.org>",
      "Subject: famfs",
      'Content-Type: multipart/mixed; boundary="x"',
      "",
      part("text/plain", "inline", "Attached."),
      part("application/octet-stream", 'attachment; filename="famfs.patch"', patch),
      part("application/octet-stream", 'attachment; filename="logo.png"', "@@ -1 +1 @@"),
      "--x--",
    ];
    expect(await textsOf(await put(file("-attached.eml"), text.join("\n")))).toEqual(allSqueezed(files));
  });

  it("takes an mbox of a series in the order of its numbers, and leaves the replies out", async () => {
    const before = files["famfs.c"]?.replace("return -E2BIG;", "return -EFBIG;") ?? "";
    const first = formatPatch("[RFC V2 01/02] famfs: add it", patchOf({ ...files, "famfs.c": before }));
    const second = formatPatch(
      "[RFC V2 02/02] famfs: fix it",
      gitDiff("fs/fuse/famfs.c", before, files["famfs.c"] ?? ""),
    );
    const reply = `From someone Mon Sep 17 00:00:00 2001\n${mail("Re: [RFC V2 01/02] famfs: add it", quote(first), "8bit")}\n\n`;
    const path = await put(file(".mbox"), second + reply + first);
    expect(await textsOf(path)).toEqual(allSqueezed(files));
    expect((await readKernelSource(path)).origin).toBe(`famfs.c (2 patches, ${count} files)`);
  });

  it("takes a reply that quotes the patch, tabs lost", async () => {
    for (const [at, marks] of ["> ", ">", "> > "].entries()) {
      const body = `On Thu, somebody wrote:\n${quote(formatPatch("[PATCH] famfs", patch), marks)}\n\nThanks,\nA.\n`;
      const path = await put(file(`-${at}.eml`), mail("Re: [PATCH] famfs", body, "quoted-printable"));
      expect(await textsOf(path)).toEqual(allSqueezed(files));
      expect((await readKernelSource(path)).origin).toBe(`famfs.c (quoted patch, ${count} files)`);
      expect(await textsOf(await put(file(`-${at}.txt`), body))).toEqual(allSqueezed(files));
    }
  });

  it("says which hunk of which file does not apply", async () => {
    const text = files["famfs.c"] ?? "";
    const changed = gitDiff("fs/fuse/famfs.c", text.replaceAll("\tint rc;\n", "\tlong rc;\n"), text, 0);
    const series = formatPatch("[PATCH 1/2] add", patch) + formatPatch("[PATCH 2/2] fix", changed);
    await expect(readKernelSource(await put(file("-odd.mbox"), series))).rejects.toThrow(
      /hunk 1 of fs\/fuse\/famfs\.c \(-\d+,\d+\) does not apply/,
    );
  });

  it("says which hunk of a reply was cut", async () => {
    const lines = quote(patch).split("\n");
    const path = await put(file("-cut.txt"), lines.toSpliced(60, 3, "> [...]").join("\n"));
    await expect(readKernelSource(path)).rejects.toThrow(
      /hunk "@@ -0,0 \+1,\d+ @@" of fs\/fuse\/famfs\.c cannot be read/,
    );
  });
});

describe("readKernelSource refuses, in one sentence,", () => {
  const patch = patchOf(filesOf(own));
  const bad: readonly [name: string, content: string | Uint8Array, message: RegExp][] = [
    ["empty.patch", "", /empty\.patch is empty/],
    ["empty.c", "", /empty\.c is empty/],
    ["junk.bin", Uint8Array.of(1, 2, 0, 255), /junk\.bin is a binary file/],
    ["damaged.gz", gzipSync(patch).subarray(0, 90), /damaged\.gz is a damaged gzip file/],
    ["prose.txt", "Dear all,\nno patch here.\n", /prose\.txt has no patch in it/],
    ["letter.eml", mail("Hello", "no patch here either", "base64"), /letter\.eml has no patch in it/],
    ["flat.txt", `> ${patch.replaceAll("\n", " > ")}`, /flat\.txt: the line breaks of the patch are lost/],
    [
      "other.patch",
      gitDiff("fs/fuse/dax.c", undefined, "int x;\n"),
      /other\.patch adds no famfs\.c with a GET_FMAP parser:/,
    ],
    [
      "later.patch",
      gitDiff("fs/fuse/famfs.c", "a\n", "int famfs_file_init_dax(\n"),
      /later\.patch adds .*only changes one/,
    ],
    [
      "headless.patch",
      "+++ b/famfs.c\n@@ -0,0 +1 @@\n+x\n",
      /headless\.patch is not a patch that can be read/,
    ],
  ];

  it.each(bad)("%s", async (name, content, message) => {
    const read = readKernelSource(await put(join("bad", name), content));
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toThrow(UsageError);
  });

  it("a path that is not there, and a folder without famfs.c", async () => {
    await expect(readKernelSource(join(scratch, "nowhere"))).rejects.toThrow(
      /nowhere cannot be read \(ENOENT\)/,
    );
    await mkdir(join(scratch, "bare"), { recursive: true });
    await expect(readKernelSource(join(scratch, "bare"))).rejects.toThrow(
      /bare has neither fs\/fuse\/famfs\.c nor famfs\.c/,
    );
  });

  it.skipIf(!SEED)("the mail whose line breaks were lost", async () => {
    await expect(readKernelSource(join(`${SEED}`, "mail.txt"))).rejects.toThrow(
      /line breaks of the patch are lost/,
    );
  });
});
