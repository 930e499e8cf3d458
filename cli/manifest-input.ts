import type { Manifest } from "../spec/index.ts";
import { readJson } from "./files.ts";
import { type Parsed, text } from "./options.ts";

/** The manifest in a file. Throws UsageError naming the place that is wrong. */
export async function readManifest(path: string): Promise<Manifest> {
  const json = await readJson(path);
  // Loaded only here: without it our own daemon, which a run starts a dozen times, is there in two thirds of the time.
  const { checkedManifest } = await import("../suites/checked-manifest.ts");
  return checkedManifest(json, path);
}

/** The manifest of `--expect`; null where there is none. Throws UsageError. */
export async function expectedOf(options: Parsed): Promise<Manifest | null> {
  const path = text(options, "expect");
  return path === undefined ? null : readManifest(path);
}
