import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_MANIFEST } from "../subjects/reference/default-manifest.ts";
import { mutationOf } from "./options/manifest-input.ts";

const folder = mkdtempSync(join(tmpdir(), "mutate-"));
afterAll(() => rmSync(folder, { recursive: true }));
const after = join(folder, "after.json");
writeFileSync(after, JSON.stringify(DEFAULT_MANIFEST));

const mutation = (
  [command, path]: readonly [string | undefined, string?],
  profiles = 1,
  ...given: readonly string[]
): ReturnType<typeof mutationOf> =>
  mutationOf(
    { values: { mutate: command, "expect-after": path }, given: new Set(given), operands: [], program: null },
    profiles,
  );

describe("--mutate", () => {
  it("is a command, and a manifest of what is served then", async () => {
    expect(await mutation([undefined])).toEqual({});
    const both = await mutation(["true", after]);
    expect(both.mutation?.command).toBe("true");
    expect(both.mutation?.after.files).toHaveLength(DEFAULT_MANIFEST.files.length);
  });

  it("goes with --expect-after, and with nothing that starts the daemon on what it has left", async () => {
    await expect(mutation(["true"])).rejects.toThrow("go together");
    await expect(mutation([undefined, after])).rejects.toThrow("go together");
    const both = ["true", after] as const;
    await expect(mutation(both, 1, "shard")).rejects.toThrow("does not go with --shard");
    await expect(mutation(both, 1, "resume")).rejects.toThrow("does not go with --resume");
    await expect(mutation(both, 2)).rejects.toThrow("does not go with several profiles");
  });
});
