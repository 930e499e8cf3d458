import { type Manifest, type ManifestJson, manifestFromJson, manifestProblems } from "../spec/index.ts";
import { UsageError } from "../suites/failure.ts";
import { readJson } from "./files.ts";
import { type Parsed, text } from "./options.ts";

/** The manifest in a file. Throws UsageError naming the place that is wrong. */
export async function readManifest(path: string): Promise<Manifest> {
  const json = await readJson(path);
  // Loaded only here: without it our own daemon, which a run starts a dozen times, is there in two thirds of the time.
  const { misfit } = await import("../suites/schema-check.ts");
  const wrong = misfit("manifest", json);
  if (wrong !== null) throw new UsageError(`${path} is no manifest: ${wrong}`);
  const problems = manifestProblems(json as ManifestJson);
  if (problems.length > 0) throw new UsageError(`${path}: ${problems.join("; ")}`);
  return manifestFromJson(json as ManifestJson);
}

/** The manifest of `--expect`; null where there is none. Throws UsageError. */
export async function expectedOf(options: Parsed): Promise<Manifest | null> {
  const path = text(options, "expect");
  return path === undefined ? null : readManifest(path);
}
