import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { DEFAULT_PROFILE, manifestFromJson } from "../../spec/index.ts";
import { DEFAULT_MANIFEST } from "./default-manifest.ts";
import { following } from "./following.ts";
import { Session } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "following-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fewer = { ...DEFAULT_MANIFEST, files: DEFAULT_MANIFEST.files.slice(1) };

it("a manifest is read again when its file has changed, once it is one", () => {
  const path = join(folder, "manifest.json");
  writeFileSync(path, JSON.stringify(DEFAULT_MANIFEST));
  const next = following(path);
  expect(next()).toBeNull();
  writeFileSync(path, '{"format":');
  expect(next()).toBeNull();
  writeFileSync(path, JSON.stringify(fewer));
  expect(next()?.files).toHaveLength(fewer.files.length);
  expect(next()).toBeNull();
  rmSync(path);
  expect(next()).toBeNull();
});

it("inodes keep their numbers, and no number is given twice", () => {
  const session = new Session(DEFAULT_PROFILE, manifestFromJson(DEFAULT_MANIFEST));
  const inos = () => new Map(session.tree.files.map((f) => [f.path, f.ino]));
  const before = inos();
  const [gone, ...kept] = [...before.keys()];
  session.follow(manifestFromJson(fewer));
  for (const path of kept) expect(inos().get(path)).toBe(before.get(path));
  session.follow(manifestFromJson(DEFAULT_MANIFEST));
  const again = inos().get(gone as string) as bigint;
  expect([...before.values()]).not.toContain(again);
  expect(new Set(inos().values()).size).toBe(before.size);
});
