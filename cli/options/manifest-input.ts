import { UsageError } from "../../base/errors.ts";
import type { Manifest } from "../../spec/index.ts";
import type { Mutation } from "../../suites/daemon/checks/mutation.ts";
import { readJson } from "../store/files.ts";
import { file, word } from "./kinds.ts";
import type { Option, Parsed } from "./table.ts";

export const EXPECT = file(
  "a manifest: which files there should be, and where (fmapspec list --schema manifest)",
);

/** The options that have a daemon serve something else at the end. */
export const MUTATION_OPTIONS = {
  mutate: word(
    "CMD",
    "at the end, run CMD with /bin/sh while the daemon runs ($FMAPSPEC_DAEMON is its process id): it changes what the daemon serves",
  ),
  "expect-after": file("a manifest of the files after --mutate"),
};

/** The manifest in a file. Throws UsageError, which names the place that does not fit. */
export async function readManifest(path: string): Promise<Manifest> {
  const json = await readJson(path);
  // Loaded only here: without it our own daemon, which a run starts a dozen times, starts in two thirds of the time.
  const { checkedManifest } = await import("../../base/checked-manifest.ts");
  return checkedManifest(json, path);
}

/** The manifest of `--expect`; null where there is none. Throws UsageError. */
export const expectedOf = async ({
  values: { expect },
}: Parsed<{ expect: Option<string | undefined> }>): Promise<Manifest | null> =>
  expect === undefined ? null : readManifest(expect);

/** The change of `--mutate` and `--expect-after`, if one is asked for. Throws UsageError where they do not fit. */
export async function mutationOf(
  { values: { mutate: command, "expect-after": path }, given }: Parsed<typeof MUTATION_OPTIONS>,
  profiles: number,
): Promise<{ readonly mutation?: Mutation }> {
  if (command === undefined && path === undefined) return {};
  if (command === undefined || path === undefined)
    throw new UsageError("--mutate CMD and --expect-after FILE go together");
  // Another part of the run, and a resumed run, would find what the command left.
  for (const [other, asked] of [
    ["--shard", given.has("shard")],
    ["--resume", given.has("resume")],
    ["several profiles", profiles > 1],
  ] as const)
    if (asked) throw new UsageError(`--mutate does not go with ${other}: what is served can be changed once`);
  return { mutation: { command, after: await readManifest(path) } };
}
