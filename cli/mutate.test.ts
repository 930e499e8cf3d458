import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_MANIFEST } from "../subjects/reference/default-manifest.ts";
import { mutationOf } from "./options/manifest-input.ts";
import { readOptions } from "./options/options.ts";

const folder = mkdtempSync(join(tmpdir(), "mutate-"));
afterAll(() => rmSync(folder, { recursive: true }));
const after = join(folder, "after.json");
writeFileSync(after, JSON.stringify(DEFAULT_MANIFEST));

const mutation = (args: readonly string[], profiles = 1) =>
  mutationOf(
    readOptions(args, {
      mutate: { type: "string" },
      "expect-after": { type: "string" },
      shard: { type: "string" },
      resume: { type: "boolean" },
    }),
    profiles,
  );

describe("--mutate", () => {
  it("is a command, and a manifest of what is served then", async () => {
    expect(await mutation([])).toEqual({});
    const both = await mutation(["--mutate", "true", "--expect-after", after]);
    expect(both.mutation?.command).toBe("true");
    expect(both.mutation?.after.files).toHaveLength(DEFAULT_MANIFEST.files.length);
  });

  it("goes with --expect-after, and with nothing that starts the daemon on what it has left", async () => {
    await expect(mutation(["--mutate", "true"])).rejects.toThrow("go together");
    await expect(mutation(["--expect-after", after])).rejects.toThrow("go together");
    const both = ["--mutate", "true", "--expect-after", after];
    await expect(mutation([...both, "--shard", "1/2"])).rejects.toThrow("does not go with --shard");
    await expect(mutation([...both, "--resume"])).rejects.toThrow("does not go with --resume");
    await expect(mutation(both, 2)).rejects.toThrow("does not go with several profiles");
  });
});
