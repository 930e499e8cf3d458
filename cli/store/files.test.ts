/** Files are written whole or not at all. */
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { scratch } from "../test/command.ts";
import { makeFolder, readInput, why, writeFile } from "./files.ts";

const folder = scratch();
const at = (...names: string[]) => join(folder, ...names);
writeFileSync(at("file"), "old");
mkdirSync(at("folder"));

describe("a file that is written", () => {
  it("is there with all folders of its path, in place of an older one", () => {
    writeFile(at("a", "b", "new"), "text");
    expect(readFileSync(at("a", "b", "new"), "utf8")).toBe("text");
    writeFile(at("file"), "new");
    expect(readFileSync(at("file"), "utf8")).toBe("new");
  });

  it.each([
    [at("folder"), "it is a folder"],
    [at("file", "x"), "a file is in the place of a folder"],
    [at("file", "x", "y"), "a part of the path is not a folder"],
    [at("n".repeat(250)), "ENAMETOOLONG"],
    ["/dev/full", "the disk is full"],
  ])("but not as %s", (path, reason) => {
    expect(() => writeFile(path, "text")).toThrow(new UsageError(`cannot write ${path}: ${reason}`));
    expect(readdirSync(folder).filter((name) => name.includes(".tmp"))).toEqual([]);
  });

  it("does not take the place of a device, whatever leads to it", () => {
    symlinkSync("/dev/null", at("link"));
    writeFile(at("link"), "text");
    writeFile("/dev/null", "text");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(statSync(at("link")).isCharacterDevice()).toBe(true);
  });
});

describe("a folder", () => {
  it("is made, unless something else is in its place", () => {
    makeFolder(at("one", "two"));
    makeFolder(at("one", "two"));
    expect(statSync(at("one", "two")).isDirectory()).toBe(true);
    expect(() => makeFolder(at("file"))).toThrow(
      new UsageError(`cannot make the folder ${at("file")}: a file is in the place of a folder`),
    );
  });
});

describe("a file that is read", () => {
  it("is standard input for -", async () => {
    const pieces = [Buffer.from("one "), Buffer.from("two")];
    const stdin = vi.spyOn(process, "stdin", "get");
    stdin.mockReturnValueOnce(Readable.from(pieces) as typeof process.stdin);
    expect((await readInput("-")).toString()).toBe("one two");
    const broken = new Readable({
      read: () => broken.destroy(Object.assign(new Error(), { code: "EISDIR" })),
    });
    stdin.mockReturnValueOnce(broken as typeof process.stdin);
    await expect(readInput("-")).rejects.toThrow(
      new UsageError("cannot read standard input: it is a folder"),
    );
    stdin.mockRestore();
  });

  it.each([
    [at("none"), "there is no such file"],
    [at("folder"), "it is a folder"],
    [at("file", "x"), "a part of the path is not a folder"],
  ])("has to be there: %s", async (path, reason) => {
    await expect(readInput(path)).rejects.toThrow(new UsageError(`cannot read ${path}: ${reason}`));
  });
});

it("a reason that nobody has words for keeps its name", () => {
  expect(why({ code: "EXDEV" })).toBe("EXDEV");
  expect(why(new Error("x"))).toBe("undefined");
});
