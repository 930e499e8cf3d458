import { UsageError } from "../../base/errors.ts";
import type { Manifest } from "../../spec/index.ts";
import type { Mutation } from "../../suites/daemon/checks/mutation.ts";
import { readJson } from "../store/files.ts";
import { flag, type Parsed, text } from "./options.ts";

/** The manifest in a file. Throws UsageError naming the place that is wrong. */
export async function readManifest(path: string): Promise<Manifest> {
  const json = await readJson(path);
  // Loaded only here: without it our own daemon, which a run starts a dozen times, is there in two thirds of the time.
  const { checkedManifest } = await import("../../base/checked-manifest.ts");
  return checkedManifest(json, path);
}

/** The manifest of `--expect`; null where there is none. Throws UsageError. */
export async function expectedOf(options: Parsed): Promise<Manifest | null> {
  const path = text(options, "expect");
  return path === undefined ? null : readManifest(path);
}

/** The change of `--mutate` and `--expect-after`, if one is asked for. Throws UsageError where they do not fit. */
export async function mutationOf(
  options: Parsed,
  profiles: number,
): Promise<{ readonly mutation?: Mutation }> {
  const command = text(options, "mutate");
  const path = text(options, "expect-after");
  if (command === undefined && path === undefined) return {};
  if (command === undefined || path === undefined)
    throw new UsageError("--mutate CMD and --expect-after FILE go together");
  // Each other part of a run, and a run that goes on, would find what the command has left.
  for (const [other, given] of [
    ["--shard", text(options, "shard") !== undefined],
    ["--resume", flag(options, "resume")],
    ["several profiles", profiles > 1],
  ] as const)
    if (given) throw new UsageError(`--mutate does not go with ${other}: what is served can be changed once`);
  return { mutation: { command, after: await readManifest(path) } };
}
